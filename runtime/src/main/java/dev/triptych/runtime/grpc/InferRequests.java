package dev.triptych.runtime.grpc;

import com.google.protobuf.ByteString;
import dev.triptych.oip.InferParameter;
import dev.triptych.oip.InferParameter.ParameterChoiceCase;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferRequest.InferRequestedOutputTensor;
import dev.triptych.runtime.openinference.InferenceRequest;
import dev.triptych.runtime.openinference.InputTensors;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.runtime.openinference.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ModelInferRequest as what a model is asked. */
final class InferRequests {

    private InferRequests() {}

    /** @throws RefusedException if anything does not fit, with its place */
    static InferenceRequest of(ModelInferRequest request) {
        return new InferenceRequest(
                InputTensors.instances(tensors(request), keyTensor(request)),
                request.getOutputsList().stream()
                        .map(InferRequestedOutputTensor::getName)
                        .toList(),
                explain(request));
    }

    private static List<WireTensor> tensors(ModelInferRequest request) {
        boolean raw = request.getRawInputContentsCount() > 0;
        if (raw && request.getRawInputContentsCount() != request.getInputsCount()) {
            throw RefusedException.invalid(
                    "raw_input_contents",
                    request.getRawInputContentsCount() + " buffers",
                    request.getInputsCount() + ", one for each input");
        }
        var tensors = new ArrayList<WireTensor>(request.getInputsCount());
        for (int i = 0; i < request.getInputsCount(); i++) {
            Optional<ByteString> bytes = raw ? Optional.of(request.getRawInputContents(i)) : Optional.empty();
            tensors.add(new WireTensor(request.getInputs(i), bytes));
        }
        return tensors;
    }

    private static Optional<String> keyTensor(ModelInferRequest request) {
        return parameter(request, OpenInference.KEY_PARAMETER, ParameterChoiceCase.STRING_PARAM, "the name of a tensor")
                .map(InferParameter::getStringParam);
    }

    private static boolean explain(ModelInferRequest request) {
        return parameter(request, OpenInference.EXPLAIN_PARAMETER, ParameterChoiceCase.BOOL_PARAM, "true or false")
                .map(InferParameter::getBoolParam)
                .orElse(false);
    }

    private static Optional<InferParameter> parameter(
            ModelInferRequest request, String name, ParameterChoiceCase kind, String expected) {
        if (!request.containsParameters(name)) {
            return Optional.empty();
        }
        InferParameter parameter = request.getParametersOrThrow(name);
        if (parameter.getParameterChoiceCase() != kind) {
            throw RefusedException.invalid(
                    "parameters." + name, parameter.getParameterChoiceCase().name(), expected);
        }
        return Optional.of(parameter);
    }
}
