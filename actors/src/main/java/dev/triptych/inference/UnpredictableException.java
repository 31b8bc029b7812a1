package dev.triptych.inference;

/** Why a batch run cannot be made: another pass would end the same. */
final class UnpredictableException extends RuntimeException {

    UnpredictableException(String reason) {
        super(reason);
    }

    static UnpredictableException missing(String what, String name) {
        return new UnpredictableException(what + ": " + name + " (expected: one that is applied)");
    }
}
