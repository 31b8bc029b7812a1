package dev.triptych.runtime.cli;

import io.grpc.Status;

/** What scripts learn from the exit code. */
public final class ExitCode {

    public static final int OK = 0;

    /** What was asked was done, and did not go well: a failed run, a replay that differs, a node that cannot start. */
    public static final int FAILED = 1;

    /** The command, the definition or a name in it is wrong; asking again will not help. */
    public static final int USAGE = 2;

    /** No node answered in time; asking again may help. */
    public static final int UNREACHABLE = 3;

    private ExitCode() {}

    static int of(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, NOT_FOUND, OUT_OF_RANGE, UNIMPLEMENTED -> USAGE;
            case UNAVAILABLE, DEADLINE_EXCEEDED -> UNREACHABLE;
            case OK -> OK;
            case CANCELLED,
                    UNKNOWN,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNAUTHENTICATED -> FAILED;
        };
    }
}
