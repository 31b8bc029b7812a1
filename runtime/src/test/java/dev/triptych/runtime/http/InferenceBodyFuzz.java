package dev.triptych.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.triptych.inference.InferenceActor;
import dev.triptych.runtime.openinference.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Whatever bytes arrive as the body of an infer request, they are instances or a refusal that can be sent. */
class InferenceBodyFuzz {

    @FuzzTest(maxDuration = "8s")
    void bytesAreInstancesOrARefusal(byte[] bytes) {
        // As the header tells them apart: JSON to the first zero byte, binary data from there.
        int json = 0;
        while (json < bytes.length && bytes[json] != 0) {
            json++;
        }
        try {
            var body = InferenceBody.parse(
                    ByteBuffer.wrap(bytes, 0, json).slice(),
                    ByteBuffer.wrap(bytes, json, bytes.length - json).slice());

            assertThat(body.request().instances()).hasSizeBetween(1, InferenceActor.INSTANCES_MAX);
        } catch (RefusedException refused) {
            assertThat(refused).hasMessageContaining("(expected: ");
            assertThat(new String(
                            Json.bytes(out -> out.writeStringField("error", refused.getMessage())),
                            StandardCharsets.US_ASCII))
                    .startsWith("{\"error\":\"");
        }
    }
}
