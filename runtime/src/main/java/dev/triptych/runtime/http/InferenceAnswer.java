package dev.triptych.runtime.http;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.triptych.runtime.openinference.Inference;
import dev.triptych.runtime.openinference.OutputTensor;
import dev.triptych.runtime.openinference.OutputTensor.Reals;
import dev.triptych.runtime.openinference.OutputTensor.Texts;
import dev.triptych.runtime.openinference.RawContents;
import dev.triptych.runtime.openinference.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** {@code $inference_response} of the specification. Numbers are the shortest that read back as the same bits. */
final class InferenceAnswer {

    private InferenceAnswer() {}

    static HttpResponse of(String model, InferenceBody asked, Inference inference) {
        var binary = new ArrayList<ByteBuffer>();
        byte[] json = Json.bytes(out -> {
            out.writeStringField("model_name", model);
            if (inference.version().isPresent()) {
                out.writeStringField(
                        "model_version", String.valueOf(inference.version().get()));
            }
            if (asked.id().isPresent()) {
                out.writeStringField("id", asked.id().get());
            }
            out.writeArrayFieldStart("outputs");
            for (OutputTensor tensor : inference.outputs()) {
                write(tensor, asked.isBinary(tensor.name()), binary, out);
            }
            out.writeEndArray();
        });
        if (binary.isEmpty()) {
            return HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
        }
        ByteString body = ByteString.fromArray(json);
        for (ByteBuffer each : binary) {
            body = body.concat(ByteString.fromByteBuffer(each));
        }
        return HttpResponse.create()
                .addHeader(RawHeader.create(BinaryData.HEADER, String.valueOf(json.length)))
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, body));
    }

    private static void write(OutputTensor tensor, boolean asBytes, List<ByteBuffer> binary, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("name", tensor.name());
        out.writeStringField("datatype", tensor.type().name());
        out.writeArrayFieldStart("shape");
        for (long size : tensor.shape()) {
            out.writeNumber(size);
        }
        out.writeEndArray();
        if (asBytes) {
            ByteBuffer bytes = RawContents.of(tensor);
            out.writeObjectFieldStart("parameters");
            out.writeNumberField(BinaryData.SIZE_PARAMETER, bytes.remaining());
            out.writeEndObject();
            binary.add(bytes);
        } else {
            data(tensor, out);
        }
        out.writeEndObject();
    }

    private static void data(OutputTensor tensor, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("data");
        switch (tensor.elements()) {
            case Reals(var numbers) -> {
                for (double number : numbers) {
                    if (!Double.isFinite(number)) {
                        throw RefusedException.invalid(
                                tensor.name(),
                                String.valueOf(number),
                                "a number that JSON has; ask with parameter binary_data_output, or over gRPC");
                    }
                    out.writeNumber(number);
                }
            }
            case Texts(var texts) -> {
                for (String text : texts) {
                    out.writeString(text);
                }
            }
        }
        out.writeEndArray();
    }
}
