package dev.triptych.runtime.http;

import dev.triptych.runtime.openinference.InferenceRequest;
import dev.triptych.runtime.openinference.InputTensors;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.runtime.openinference.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of an {@code infer} request.
 *
 * @param id as the client gave it; empty where it gave none
 * @param binaryOutputs which outputs are answered as bytes, by name; {@code binaryByDefault} for the others
 */
record InferenceBody(
        Optional<String> id, InferenceRequest request, Map<String, Boolean> binaryOutputs, boolean binaryByDefault) {

    /**
     * @param json {@code $inference_request} of the specification
     * @param rest what follows it
     * @throws RefusedException if anything does not fit, with its place
     */
    static InferenceBody parse(ByteBuffer json, ByteBuffer rest) {
        var binary = new BinaryData(rest);
        var members = JsonRequest.read(json, request -> new Members().read(request, binary));
        binary.requireUsedUp();
        return new InferenceBody(
                members.id,
                new InferenceRequest(
                        InputTensors.instances(members.inputs, members.keyTensor), members.outputs, members.explain),
                members.binaryOutputs,
                members.binaryByDefault);
    }

    /** What has been read so far. */
    private static final class Members {
        Optional<String> id = Optional.empty();
        Optional<String> keyTensor = Optional.empty();
        boolean explain;
        boolean binaryByDefault;
        final List<JsonTensor> inputs = new ArrayList<>();
        final List<String> outputs = new ArrayList<>();
        final Map<String, Boolean> binaryOutputs = new HashMap<>();

        Members read(JsonRequest json, BinaryData binary) throws IOException {
            json.object("body", member -> {
                if (json.isNull()) {
                    return;
                }
                switch (member) {
                    case "id" -> id = Optional.of(json.text("id"));
                    case "parameters" -> json.object(member, name -> parameter(json, name, "parameters." + name));
                    case "inputs" ->
                        json.array(member, i -> inputs.add(JsonTensor.read(json, "inputs[" + i + "]", binary)));
                    case "outputs" -> json.array(member, i -> output(json, "outputs[" + i + "]"));
                    default -> json.skip(member);
                }
            });
            return this;
        }

        private void parameter(JsonRequest json, String name, String path) throws IOException {
            switch (name) {
                case OpenInference.KEY_PARAMETER -> keyTensor = Optional.of(json.text(path));
                case OpenInference.EXPLAIN_PARAMETER -> explain = json.bool(path);
                case "binary_data_output" -> binaryByDefault = json.bool(path);
                default -> json.skip(path);
            }
        }

        private void output(JsonRequest json, String path) throws IOException {
            var binary = new ArrayList<Boolean>();
            int before = outputs.size();
            json.object(path, member -> {
                switch (member) {
                    case "name" -> outputs.add(json.text(path + ".name"));
                    case "parameters" -> {
                        if (!json.isNull()) {
                            json.object(path + ".parameters", name -> {
                                if (name.equals("binary_data")) {
                                    binary.add(json.bool(path + ".parameters.binary_data"));
                                } else {
                                    json.skip(path + ".parameters." + name);
                                }
                            });
                        }
                    }
                    default -> json.skip(path + "." + member);
                }
            });
            if (outputs.size() == before) {
                throw RefusedException.invalid(path + ".name", "none", "the name of an output");
            }
            binary.forEach(is -> binaryOutputs.put(outputs.getLast(), is));
        }
    }

    boolean isBinary(String output) {
        return binaryOutputs.getOrDefault(output, binaryByDefault);
    }
}
