package dev.triptych.kernel;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a failure says, under the wrappings that futures put around it. */
public final class Causes {

    private Causes() {}

    /** The failure itself, out of any number of futures. */
    public static Throwable of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Its message, or its type where it has none. */
    public static String message(Throwable failure) {
        Throwable cause = of(failure);
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
