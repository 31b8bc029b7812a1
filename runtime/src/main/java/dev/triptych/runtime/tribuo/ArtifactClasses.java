package dev.triptych.runtime.tribuo;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tribuo.classification.protos.TribuoClassificationCore;
import org.tribuo.classification.sgd.protos.TribuoClassificationSgd;
import org.tribuo.common.sgd.protos.TribuoSgd;
import org.tribuo.common.tree.protos.TribuoTree;
import org.tribuo.common.xgboost.protos.TribuoXgboost;
import org.tribuo.math.protos.TribuoMath;
import org.tribuo.math.protos.TribuoMathImpl;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.protos.core.TribuoCore;
import org.tribuo.protos.core.TribuoCoreImpl;
import org.tribuo.regression.protos.TribuoRegressionCore;
import org.tribuo.regression.rtree.protos.TribuoRegressionTree;
import org.tribuo.regression.sgd.protos.TribuoRegressionSgd;

/**
 * Says which classes an artifact may name. Tribuo's messages name the class that reads each of them, and Tribuo loads
 * whatever is named, so an artifact from elsewhere could start any class of the class path.
 */
final class ArtifactClasses {

    private static final List<String> ALLOWED =
            List.of("org.tribuo.", "com.oracle.labs.mlrg.olcut.", ArtifactClasses.class.getPackageName() + ".");

    /** As Tribuo and its provenance call the fields that hold one. */
    private static final String FIELD = "class_name";

    private static final int DEPTH_MAX = 100;

    /** Of everything that an artifact may hold in an {@link Any}. */
    private static final TypeRegistry TYPES = TypeRegistry.newBuilder()
            .add(Stream.of(
                            TribuoCore.getDescriptor(),
                            TribuoCoreImpl.getDescriptor(),
                            TribuoMath.getDescriptor(),
                            TribuoMathImpl.getDescriptor(),
                            TribuoClassificationCore.getDescriptor(),
                            TribuoClassificationSgd.getDescriptor(),
                            TribuoSgd.getDescriptor(),
                            TribuoTree.getDescriptor(),
                            TribuoXgboost.getDescriptor(),
                            TribuoRegressionCore.getDescriptor(),
                            TribuoRegressionTree.getDescriptor(),
                            TribuoRegressionSgd.getDescriptor())
                    .map(FileDescriptor::getMessageTypes)
                    .flatMap(List::stream)
                    .toList())
            // As ImputeMean keeps its mean.
            .add(DoubleValue.getDescriptor())
            .build();

    private ArtifactClasses() {}

    /**
     * @throws IllegalArgumentException if the model names another class, or holds what is not known
     * @throws InvalidProtocolBufferException if it is no model
     */
    static void requireKnown(ModelProto model) throws InvalidProtocolBufferException {
        check(model, 0);
    }

    private static void check(Message message, int depth) throws InvalidProtocolBufferException {
        if (depth > DEPTH_MAX) {
            throw refused("messages within messages", "more than " + DEPTH_MAX, "at most " + DEPTH_MAX);
        }
        if (message.getDescriptorForType().equals(Any.getDescriptor())) {
            check(unpacked(message), depth + 1);
            return;
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getName().endsWith(FIELD)) {
                requireAllowed(String.valueOf(field.getValue()));
            } else if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                for (Object part :
                        field.getValue() instanceof Collection<?> parts ? parts : List.of(field.getValue())) {
                    check((Message) part, depth + 1);
                }
            }
        }
    }

    private static Message unpacked(Message any) throws InvalidProtocolBufferException {
        Any packed = Any.parseFrom(any.toByteString());
        Descriptor type = TYPES.getDescriptorForTypeUrl(packed.getTypeUrl());
        if (type == null) {
            throw refused("holds", packed.getTypeUrl(), "a message of Tribuo's");
        }
        return DynamicMessage.parseFrom(type, packed.getValue());
    }

    private static void requireAllowed(String name) {
        if (!name.isEmpty() && ALLOWED.stream().noneMatch(name::startsWith)) {
            throw refused("names class", name, "one of Tribuo's or Triptych's");
        }
    }

    private static IllegalArgumentException refused(String what, String found, String expected) {
        return new IllegalArgumentException("artifact " + what + ": " + found + " (expected: " + expected + ")");
    }
}
