package dev.triptych.runtime.http;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON that is answered. */
final class Json {

    /** Escaped, as what is answered may repeat half a character of a request. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    private Json() {}

    static byte[] bytes(Content content) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            content.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static HttpEntity.Strict object(Content content) {
        return HttpEntities.create(ContentTypes.APPLICATION_JSON, bytes(content));
    }

    static HttpEntity.Strict error(String why) {
        return object(out -> out.writeStringField("error", why));
    }
}
