package dev.triptych.runtime.grpc;

import dev.triptych.runtime.access.Access;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.access.Role;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.store.Traces;
import dev.triptych.v1.Triptych;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a call go on where its caller has the role that the contract asks for, and has not called too often. Health is open to all, as those who ask for
 * it have no tokens. Calls that are refused are logged, without what was presented.
 */
final class AccessInterceptor implements ServerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(AccessInterceptor.class);

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Where calls come from. */
    enum Callers {
        ELSEWHERE,
        /** They say where those are whom they call for. */
        THIS_PROCESS
    }

    private static final Context.Key<String> CALLER = Context.key("triptych-caller");

    private final AccessControl control;
    private final Callers callers;
    private final Map<String, Role> needed = new ConcurrentHashMap<>();

    AccessInterceptor(AccessControl control, Callers callers) {
        this.control = control;
        this.callers = callers;
    }

    /** Who makes the call in hand: the holder of the token, or who the request says where none is asked for. */
    static String caller(String said) {
        return Optional.ofNullable(CALLER.get()).orElse(said);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        if (HealthGrpc.SERVICE_NAME.equals(method.getServiceName())) {
            return next.startCall(call, headers);
        }
        String name = method.getFullMethodName();
        Role role = needed.computeIfAbsent(name, unseen -> role(method));
        return switch (control.access(
                Optional.ofNullable(headers.get(AUTHORIZATION)), address(call, headers), role, name)) {
            case Access.Granted(String caller) ->
                Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
            case Access.Unauthenticated(String message) -> refuse(call, Status.UNAUTHENTICATED, message);
            case Access.Denied(String message) -> refuse(call, Status.PERMISSION_DENIED, message);
            case Access.Limited(String message) -> refuse(call, Status.RESOURCE_EXHAUSTED, message);
        };
    }

    private String address(ServerCall<?, ?> call, Metadata headers) {
        if (callers == Callers.THIS_PROCESS) {
            return Objects.requireNonNullElse(headers.get(LocalCalls.CLIENT_ADDRESS), "");
        }
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "";
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status, String message) {
        Traces.logged(
                CallTraces.current(),
                () -> LOG.warn("{} refused: {}", call.getMethodDescriptor().getFullMethodName(), message));
        call.close(status.withDescription(message), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Calls of other contracts change nothing. */
    private static Role role(MethodDescriptor<?, ?> method) {
        if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier declared) {
            return switch (declared.getMethodDescriptor().getOptions().getExtension(Triptych.role)) {
                case WRITER -> Role.WRITER;
                case TRAINER -> Role.TRAINER;
                case ADMIN -> Role.ADMIN;
                case READER, ROLE_UNSPECIFIED, UNRECOGNIZED -> Role.READER;
            };
        }
        return Role.READER;
    }
}
