package dev.triptych.runtime.grpc;

import com.google.protobuf.ByteString;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.oip.ModelInferResponse.InferOutputTensor;
import dev.triptych.runtime.openinference.Inference;
import dev.triptych.runtime.openinference.OutputTensor;
import dev.triptych.runtime.openinference.OutputTensor.Reals;
import dev.triptych.runtime.openinference.OutputTensor.Texts;
import dev.triptych.runtime.openinference.RawContents;

/** What a model answered, as ModelInferResponse. */
final class InferResponses {

    private InferResponses() {}

    static ModelInferResponse of(ModelInferRequest request, Inference inference) {
        var response = ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setModelVersion(inference.version().map(String::valueOf).orElse(""))
                .setId(request.getId());
        for (OutputTensor tensor : inference.outputs()) {
            var wire = InferOutputTensor.newBuilder()
                    .setName(tensor.name())
                    .setDatatype(tensor.type().name())
                    .addAllShape(tensor.shape());
            // As the client speaks, so it is answered.
            if (request.getRawInputContentsCount() > 0) {
                response.addRawOutputContents(ByteString.copyFrom(RawContents.of(tensor)));
            } else {
                wire.setContents(contents(tensor));
            }
            response.addOutputs(wire);
        }
        return response.build();
    }

    private static InferTensorContents contents(OutputTensor tensor) {
        var contents = InferTensorContents.newBuilder();
        switch (tensor.elements()) {
            case Reals(var numbers) -> contents.addAllFp64Contents(numbers);
            case Texts(var texts) -> texts.forEach(text -> contents.addBytesContents(ByteString.copyFromUtf8(text)));
        }
        return contents.build();
    }
}
