package dev.triptych.systems.titanic;

import com.opencsv.CSVReaderHeaderAware;
import com.opencsv.exceptions.CsvException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real passenger.
 *
 * @param age in years
 * @param sibsp siblings and spouses aboard
 * @param parch parents and children aboard
 */
record Passenger(
        String surname,
        String title,
        String givenName,
        boolean survived,
        String sex,
        OptionalDouble age,
        String passengerClass,
        int sibsp,
        int parch) {

    private static final Pattern NAME = Pattern.compile("([^,]+),\\s*([^.]+)\\.\\s*\\(?(\\S*).*");
    private static final double CHILD_AGE_MAX = 12;

    boolean isChild() {
        return age.isPresent() ? age.getAsDouble() <= CHILD_AGE_MAX : title.equals("Master");
    }

    static List<Passenger> read(Path file) {
        try (Reader text = Files.newBufferedReader(file);
                var rows = new CSVReaderHeaderAware(text)) {
            var passengers = new ArrayList<Passenger>();
            for (Map<String, String> row = rows.readMap(); row != null; row = rows.readMap()) {
                passengers.add(of(row));
            }
            return passengers;
        } catch (IOException | CsvException e) {
            throw new IllegalArgumentException(file + " cannot be read (expected: the real passengers)", e);
        }
    }

    private static Passenger of(Map<String, String> row) {
        Matcher name = NAME.matcher(column(row, "name"));
        if (!name.matches()) {
            throw new IllegalArgumentException(
                    "name: " + column(row, "name") + " (expected: Surname, Title. Given names)");
        }
        String age = column(row, "age");
        return new Passenger(
                name.group(1),
                name.group(2),
                name.group(3),
                column(row, "survived").equals("yes"),
                column(row, "sex"),
                age.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(age)),
                column(row, "passengerClass"),
                Integer.parseInt(column(row, "sibsp")),
                Integer.parseInt(column(row, "parch")));
    }

    private static String column(Map<String, String> row, String column) {
        String value = row.get(column);
        if (value == null) {
            throw new IllegalArgumentException("column " + column + " is missing");
        }
        return value;
    }
}
