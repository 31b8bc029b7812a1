package dev.triptych.runtime.grpc;

import dev.triptych.runtime.access.Access;
import dev.triptych.runtime.access.Role;
import dev.triptych.runtime.access.Tokens;
import dev.triptych.v1.Triptych;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a call go on where its token has the role that the contract asks for. Health is open to all, as those who ask for
 * it have no tokens. Calls that are refused are logged, without what was presented.
 */
final class AccessInterceptor implements ServerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(AccessInterceptor.class);

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<String> CALLER = Context.key("triptych-caller");

    private final Tokens tokens;
    private final Map<String, Role> needed = new ConcurrentHashMap<>();

    AccessInterceptor(Tokens tokens) {
        this.tokens = tokens;
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
        return switch (tokens.access(Optional.ofNullable(headers.get(AUTHORIZATION)), role, name)) {
            case Access.Granted(String caller) ->
                Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
            case Access.Unauthenticated(String message) -> refuse(call, Status.UNAUTHENTICATED, message);
            case Access.Denied(String message) -> refuse(call, Status.PERMISSION_DENIED, message);
        };
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status, String message) {
        LOG.warn("{} refused: {}", call.getMethodDescriptor().getFullMethodName(), message);
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
