package dev.triptych.audit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.audit.domain.Spread.Bin;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class SpreadProperties {

    @Property(tries = 200)
    void everyNumberIsCountedInItsBin(@ForAll @Size(max = 50) List<@DoubleRange(min = 0, max = 1e308) Double> numbers) {
        var spread = new Spread();
        numbers.forEach(spread::add);

        List<Bin> bins = spread.bins();

        assertThat(bins.size()).isLessThanOrEqualTo(Spread.BINS);
        double end = 0;
        for (Bin bin : bins) {
            assertThat(bin.from()).isEqualTo(end);
            assertThat(bin.count())
                    .isEqualTo(numbers.stream()
                            .filter(number -> number >= bin.from() && number < bin.to())
                            .count());
            end = bin.to();
        }
        assertThat(bins.stream().mapToLong(Bin::count).sum()).isEqualTo(numbers.size());
    }

    @Example
    void whatIsNoNumberIsLeftOut() {
        var spread = new Spread();
        spread.add(Double.NaN);
        spread.add(Double.POSITIVE_INFINITY);

        assertThat(spread.bins()).isEmpty();
    }
}
