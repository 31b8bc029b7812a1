package dev.triptych.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.triptych.inference.InferenceActor;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.runtime.openinference.RefusedException;

/** Whatever bytes arrive as a ModelInferRequest, they are instances or a refusal. */
class InferRequestsFuzz {

    @FuzzTest(maxDuration = "8s")
    void bytesAreInstancesOrARefusal(byte[] bytes) {
        try {
            var request = InferRequests.of(ModelInferRequest.parseFrom(bytes));

            assertThat(request.instances()).hasSizeBetween(1, InferenceActor.INSTANCES_MAX);
        } catch (RefusedException refused) {
            assertThat(refused).hasMessageContaining("(expected: ");
        } catch (InvalidProtocolBufferException e) {
            // gRPC itself refuses these.
        }
    }
}
