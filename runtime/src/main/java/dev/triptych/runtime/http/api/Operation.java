package dev.triptych.runtime.http.api;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One way to make a call over HTTP.
 *
 * @param method GET, POST or PATCH
 * @param hasBody whether the request's fields that the path does not give are in a JSON body; else they are in the query
 * @param declared the call as the contract declares it
 */
record Operation(
        String method,
        PathTemplate path,
        boolean hasBody,
        MethodDescriptor<Message, Message> call,
        Descriptors.MethodDescriptor declared) {

    /** All ways that the contract has to make a call; none where it has no rule. */
    static List<Operation> of(MethodDescriptor<?, ?> call) {
        var declared = ((ProtoMethodDescriptorSupplier) Objects.requireNonNull(call.getSchemaDescriptor()))
                .getMethodDescriptor();
        if (!declared.getOptions().hasExtension(AnnotationsProto.http)) {
            return List.of();
        }
        HttpRule rule = declared.getOptions().getExtension(AnnotationsProto.http);
        var operations = new ArrayList<Operation>();
        Stream.concat(Stream.of(rule), rule.getAdditionalBindingsList().stream())
                .forEach(each -> operations.add(of(each, messages(call), declared)));
        return operations;
    }

    private static Operation of(
            HttpRule rule, MethodDescriptor<Message, Message> call, Descriptors.MethodDescriptor declared) {
        return switch (rule.getPatternCase()) {
            case GET -> new Operation("GET", PathTemplate.parse(rule.getGet()), false, call, declared);
            case POST -> new Operation("POST", PathTemplate.parse(rule.getPost()), true, call, declared);
            case PATCH -> new Operation("PATCH", PathTemplate.parse(rule.getPatch()), true, call, declared);
            case PUT, DELETE, CUSTOM, PATTERN_NOT_SET ->
                throw new IllegalArgumentException(
                        declared.getFullName() + ": " + rule.getPatternCase() + " (expected: get, post or patch)");
        };
    }

    @SuppressWarnings("unchecked") // Every message of the contract is a Message.
    private static MethodDescriptor<Message, Message> messages(MethodDescriptor<?, ?> call) {
        return (MethodDescriptor<Message, Message>) call;
    }

    boolean isStreaming() {
        return call.getType() == MethodDescriptor.MethodType.SERVER_STREAMING;
    }

    Message.Builder newRequest() {
        var marshaller = (MethodDescriptor.PrototypeMarshaller<Message>) call.getRequestMarshaller();
        return Objects.requireNonNull(marshaller.getMessagePrototype()).newBuilderForType();
    }
}
