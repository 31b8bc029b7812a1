package dev.triptych.runtime.tribuo;

import com.google.protobuf.Any;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.InvalidProtocolBufferException;
import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import java.util.Map;
import org.tribuo.protos.core.TransformerProto;
import org.tribuo.transform.TransformStatistics;
import org.tribuo.transform.Transformation;
import org.tribuo.transform.TransformationProvenance;
import org.tribuo.transform.Transformer;

/**
 * Puts the mean of the training rows in the place of a missing value. Tribuo's examples hold no not-a-number, so a
 * missing value comes as {@link #MISSING}.
 *
 * <p>The class names of this transformation and of {@link Mean} are written into artifacts: neither can be renamed.
 */
public final class ImputeMean implements Transformation {

    /** Stands for a missing value. No measurement is as small; one that were is passed as 0. */
    static final double MISSING = Double.MIN_VALUE;

    @Override
    public TransformStatistics createStats() {
        return new Statistics();
    }

    @Override
    public TransformationProvenance getProvenance() {
        return new ImputeMeanProvenance();
    }

    private static final class Statistics implements TransformStatistics {
        private double sum;
        private long count;

        @Override
        public void observeValue(double value) {
            if (value != MISSING) {
                sum += value;
                count++;
            }
        }

        @Override
        public void observeSparse() {
            throw sparse();
        }

        @Override
        public void observeSparse(int times) {
            if (times > 0) {
                throw sparse();
            }
        }

        @Override
        public Transformer generateTransformer() {
            return new Mean(count == 0 ? 0 : sum / count);
        }

        private static IllegalStateException sparse() {
            return new IllegalStateException(
                    "an imputed input is missing from an example instead of marked as missing");
        }
    }

    /** @param mean of the training rows that had a value; 0 if none had */
    public record Mean(double mean) implements Transformer {

        private static final int VERSION = 0;

        @Override
        public double transform(double value) {
            return value == MISSING ? mean : value;
        }

        @Override
        public TransformerProto serialize() {
            return TransformerProto.newBuilder()
                    .setVersion(VERSION)
                    .setClassName(Mean.class.getName())
                    .setSerializedData(Any.pack(DoubleValue.of(mean)))
                    .build();
        }

        /** Called by Tribuo, by reflection. */
        public static Mean deserializeFromProto(int version, String className, Any message)
                throws InvalidProtocolBufferException {
            if (version != VERSION) {
                throw new IllegalArgumentException(className + " version: " + version + " (expected: " + VERSION + ")");
            }
            return new Mean(message.unpack(DoubleValue.class).getValue());
        }
    }

    /** Says that this transformation was used; it has no settings. */
    public static final class ImputeMeanProvenance implements TransformationProvenance {
        private static final long serialVersionUID = 1L;

        ImputeMeanProvenance() {}

        /** Called by Tribuo, by reflection; there is nothing to read. */
        public ImputeMeanProvenance(Map<String, Provenance> read) {
            this();
        }

        @Override
        public String getClassName() {
            return ImputeMean.class.getName();
        }

        @Override
        public Map<String, Provenance> getConfiguredParameters() {
            return Map.of();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ImputeMeanProvenance;
        }

        @Override
        public int hashCode() {
            return ImputeMeanProvenance.class.hashCode();
        }
    }
}
