package dev.triptych.runtime.openinference;

import dev.triptych.store.features.domain.Value;
import java.util.List;

/** One input tensor as a transport brought it, read once its datatype and shape are known to be fit. */
public interface InputTensor {

    String name();

    String datatype();

    List<Long> shape();

    /**
     * Its elements, exactly as many as asked for.
     *
     * @param field path of the tensor, for what is refused
     * @throws RefusedException if there are more or fewer, or one cannot be a value of the type
     */
    List<Value> values(TensorType type, int elements, String field);
}
