package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL between a source and a view: found wrong before a run where that can be, and named where it fails. */
class TransformationTest {

    @TempDir
    private Path folder;

    private SourceFixture source;

    @BeforeEach
    void setUp() {
        source = new SourceFixture(folder);
        source.csv("item,at,amount,pieces,gift,label\na,2026-01-02T00:00:00Z,1.5,1,true,x\n");
    }

    @Test
    void isCheckedAgainstTheView() {
        assertThat(source.check()).isEmpty();

        source.sql("SELECT item, \"at\" AS event_time, \nlabel AS amount, pieces, gift FROM source");

        assertThat(source.check())
                .satisfiesExactlyInAnyOrder(
                        mistake -> {
                            assertThat(mistake.file().getFileName()).hasToString("rows.sql");
                            assertThat(mistake.line()).isEqualTo(2);
                            assertThat(mistake.message()).isEqualTo("amount is VARCHAR");
                            assertThat(mistake.mend()).contains("DOUBLE");
                        },
                        mistake -> {
                            assertThat(mistake.line())
                                    .as("of what is not there")
                                    .isEqualTo(1);
                            assertThat(mistake.message()).isEqualTo("no column label");
                        });
    }

    @Test
    void isCheckedForItsKeyAndItsTime() {
        source.sql("SELECT pieces AS item, \"at\"::TIMESTAMP AS event_time, amount, pieces, gift, label FROM source");

        assertThat(source.check().stream().map(mistake -> mistake.message()))
                .containsExactly("item is BIGINT", "event_time is TIMESTAMP, without a zone");
    }

    @Test
    void isNamedByTheLineThatIsWrong() {
        source.sql("SELECT item,\n       nothing\nFROM source");

        assertThat(source.check()).singleElement().satisfies(mistake -> {
            assertThat(mistake.line()).isEqualTo(2);
            assertThat(mistake.message()).contains("nothing");
        });
    }

    @Test
    void isNamedWhereItFailsOnAValue() {
        source.sql(
                "SELECT item, \"at\" AS event_time, amount,\n       label::BIGINT AS pieces, gift, label FROM source");

        assertThat(source.check()).isEmpty();
        assertThatThrownBy(source::rows).hasMessageContaining("rows.sql:2: ").hasMessageContaining("'x'");
    }

    @Test
    void mayNotReadFilesOfItsOwn() {
        source.sql("SELECT item, now() AS event_time, 1.0 AS amount, 1 AS pieces, true AS gift, 'x' AS label"
                + " FROM read_csv('" + source.path("data.csv") + "')");

        assertThat(source.check())
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.message()).contains("disabled"));
        assertThatThrownBy(source::rows).hasMessageContaining("rows.sql").hasMessageContaining("disabled");
    }

    @Test
    void mayNotMakeRowsThatNoEntityTakes() {
        source.sql("SELECT item, NULL::TIMESTAMPTZ AS event_time, amount, pieces, gift, label FROM source");
        assertThatThrownBy(source::rows).hasMessageContaining("rows.sql: key a: event_time: null");

        source.sql("SELECT item, \"at\" AS event_time, amount / 0 AS amount, pieces, gift, label FROM source");
        assertThatThrownBy(source::rows).hasMessageContaining("rows.sql: key a: amount: ");

        source.sql("SELECT item || chr(10) AS item, \"at\" AS event_time, amount, pieces, gift, label FROM source");
        assertThatThrownBy(source::rows).hasMessageContaining("none of them a control character");
    }
}
