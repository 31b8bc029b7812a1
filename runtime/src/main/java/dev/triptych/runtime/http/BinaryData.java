package dev.triptych.runtime.http;

import dev.triptych.runtime.openinference.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The bytes behind a request's JSON, tensor by tensor: Triton's extension {@code binary_tensor_data}, which its own
 * clients speak unless told otherwise.
 */
final class BinaryData {

    /** Names the length of the JSON, where bytes follow it. */
    static final String HEADER = "Inference-Header-Content-Length";

    static final String EXTENSION = "binary_tensor_data";

    /** Of an input: how many of the bytes are its. */
    static final String SIZE_PARAMETER = "binary_data_size";

    private final ByteBuffer rest;

    BinaryData(ByteBuffer rest) {
        this.rest = rest.slice();
    }

    /** Reads an input's parameters; with a size among them, takes so many of the bytes. */
    Optional<JsonTensor.Contents> next(JsonRequest json, String path) throws IOException {
        if (json.isNull()) {
            return Optional.empty();
        }
        var size = new long[] {-1};
        json.object(path, member -> {
            if (member.equals(SIZE_PARAMETER)) {
                size[0] = taken(json.whole(path + "." + member), path + "." + member);
            } else {
                json.skip(path + "." + member);
            }
        });
        if (size[0] < 0) {
            return Optional.empty();
        }
        ByteBuffer bytes = rest.slice(rest.position(), (int) size[0]);
        rest.position(rest.position() + (int) size[0]);
        return Optional.of(new JsonTensor.Binary(bytes));
    }

    private long taken(long size, String field) {
        if (size < 0 || size > rest.remaining()) {
            throw RefusedException.invalid(
                    field,
                    size + " with " + rest.remaining() + " bytes left",
                    "what follows the JSON, whose own length is in header " + HEADER);
        }
        return size;
    }

    void requireUsedUp() {
        if (rest.hasRemaining()) {
            throw RefusedException.invalid(
                    "body",
                    rest.remaining() + " bytes that no input claims",
                    "as many as the parameters " + SIZE_PARAMETER + " say");
        }
    }
}
