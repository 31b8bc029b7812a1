package dev.triptych.runtime.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.triptych.runtime.openinference.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object that is read as it streams past, member by member. Strict: UTF-8, no member twice, nothing after it. What
 * is no JSON, or not of the kind expected, is refused with its path. Whoever reads stands on a value's first token, and
 * leaves on its last.
 */
final class JsonRequest {

    /** Nothing that is asked here nests deeper; what is skipped need not, either. */
    private static final int DEPTH_MAX = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // Names come from strangers: they belong in no table that lives on.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Read in order to be refused by their place.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    interface Member {
        void read(String name) throws IOException;
    }

    interface Element {
        void read(int index) throws IOException;
    }

    private final JsonParser parser;

    private JsonRequest(JsonParser parser) {
        this.parser = parser;
    }

    interface Reading<T> {
        T of(JsonRequest request) throws IOException;
    }

    /** @throws RefusedException for whatever is wrong with it */
    static <T> T read(ByteBuffer utf8, Reading<T> reading) {
        CharBuffer text = decoded(utf8);
        try (JsonParser parser = FACTORY.createParser(text.array(), text.position(), text.remaining())) {
            parser.nextToken();
            T read = reading.of(new JsonRequest(parser));
            if (parser.nextToken() != null) {
                throw RefusedException.invalid(
                        "body", "something after the JSON object", "nothing, or header " + BinaryData.HEADER);
            }
            return read;
        } catch (JsonProcessingException e) {
            throw RefusedException.invalid("body" + place(e), e.getOriginalMessage(), "a JSON object");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CharBuffer decoded(ByteBuffer utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8);
        } catch (CharacterCodingException e) {
            throw RefusedException.invalid("body", "bytes that are no UTF-8", "JSON in UTF-8");
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    void object(String path, Member member) throws IOException {
        require(path, "an object", JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            parser.nextToken();
            member.read(name);
        }
    }

    void array(String path, Element element) throws IOException {
        require(path, "an array", JsonToken.START_ARRAY);
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            element.read(index);
        }
    }

    boolean isArray() {
        return parser.hasToken(JsonToken.START_ARRAY);
    }

    boolean isNull() {
        return parser.hasToken(JsonToken.VALUE_NULL);
    }

    String text(String path) throws IOException {
        require(path, "a string", JsonToken.VALUE_STRING);
        return wellFormed(path);
    }

    boolean bool(String path) throws IOException {
        require(path, "true or false", JsonToken.VALUE_TRUE, JsonToken.VALUE_FALSE);
        return parser.getBooleanValue();
    }

    /** A whole number that fits a long. */
    long whole(String path) throws IOException {
        require(path, "a whole number", JsonToken.VALUE_NUMBER_INT);
        return JsonScalar.whole(parser.getText())
                .orElseThrow(() -> RefusedException.invalid(path, "a number too long", "at most 19 digits"));
    }

    /** A string, number, boolean or null; empty for an object or array. */
    Optional<JsonScalar> scalar(String path) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> Optional.of(JsonScalar.NULL);
            case VALUE_TRUE, VALUE_FALSE -> Optional.of(new JsonScalar(JsonScalar.Kind.BOOLEAN, parser.getText()));
            case VALUE_STRING -> Optional.of(new JsonScalar(JsonScalar.Kind.STRING, wellFormed(path)));
            case VALUE_NUMBER_INT -> Optional.of(new JsonScalar(JsonScalar.Kind.WHOLE, parser.getText()));
            case VALUE_NUMBER_FLOAT -> Optional.of(new JsonScalar(JsonScalar.Kind.FRACTION, parser.getText()));
            default -> Optional.empty();
        };
    }

    /** Passes over a value of any kind. */
    void skip(String path) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token == null) {
                return;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth > DEPTH_MAX) {
                throw RefusedException.invalid(path, "more than " + DEPTH_MAX + " levels", "fewer");
            }
            if (depth > 0) {
                parser.nextToken();
            }
        } while (depth > 0);
    }

    private String wellFormed(String path) throws IOException {
        String text = parser.getText();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw RefusedException.invalid(path, "half of a surrogate pair", "text that UTF-8 can hold");
        }
        return text;
    }

    private void require(String path, String expected, JsonToken... kinds) throws IOException {
        JsonToken found = parser.currentToken();
        if (found == null || !List.of(kinds).contains(found)) {
            throw RefusedException.invalid(path, found == null ? "nothing" : parser.getText(), expected);
        }
    }
}
