package dev.triptych.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What {@code kubectl apply -k} would send, held against the models that Kubernetes' own OpenAPI document gives. */
@Timeout(60)
class ManifestsTest {

    private static final List<String> ROLES = List.of("feature", "training", "inference", "gateway");

    @TempDir
    static Path folder;

    private static Path kubectl;

    @BeforeAll
    static void copyWithSecrets() throws Exception {
        assumeTrue(Kubectl.runsHere(), "the kubectl of the tests is for Linux on x86-64");
        kubectl = Kubectl.unpackTo(folder.resolve("kubectl"));
        Path source = Path.of("..", "deploy", "k8s");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(source.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Path secrets = Files.createDirectories(folder.resolve("overlays/dev/secrets"));
        for (String name : List.of("tls.crt", "tls.key", "ca.crt", "access.conf")) {
            Files.writeString(secrets.resolve(name), "made by deploy/k8s/secrets");
        }
        Files.writeString(secrets.resolve("postgres.env"), "url=a\nuser=b\npassword=c\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void hasNoFieldThatKubernetesDoesNotKnow(String overlay) throws Exception {
        List<JsonObject> objects = build(overlay);

        assertThat(objects).hasSizeGreaterThan(15);
        for (JsonObject object : objects) {
            validate(object);
        }
        // The check itself: a slip of the pen is found, however deep.
        String misspelt = objects.stream()
                .filter(object -> kind(object).equals("StatefulSet"))
                .findFirst()
                .orElseThrow()
                .toString()
                .replace("readOnlyRootFilesystem", "readOnlyRootFileSystem");
        assertThatThrownBy(() -> validate(new Gson().fromJson(misspelt, JsonObject.class)))
                .hasMessageContaining("`readOnlyRootFileSystem`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void letsNoContainerDoMoreThanItMust(String overlay) throws Exception {
        for (JsonObject pod : pods(build(overlay))) {
            JsonObject spec = pod.getAsJsonObject("spec");
            assertThat(spec.getAsJsonObject("securityContext")
                            .get("runAsNonRoot")
                            .getAsBoolean())
                    .isTrue();
            assertThat(spec.get("automountServiceAccountToken").getAsBoolean()).isFalse();
            for (JsonElement each : spec.getAsJsonArray("containers")) {
                JsonObject container = each.getAsJsonObject();
                JsonObject security = container.getAsJsonObject("securityContext");
                assertThat(security.get("readOnlyRootFilesystem").getAsBoolean())
                        .as(container.toString())
                        .isTrue();
                assertThat(security.get("allowPrivilegeEscalation").getAsBoolean())
                        .isFalse();
                assertThat(security.getAsJsonObject("capabilities").getAsJsonArray("drop"))
                        .hasToString("[\"ALL\"]");
                assertThat(container
                                .getAsJsonObject("resources")
                                .getAsJsonObject("limits")
                                .has("memory"))
                        .isTrue();
            }
        }
    }

    @Test
    void holdsNoSecret() throws Exception {
        assertThat(build("prod").stream().map(ManifestsTest::kind)).doesNotContain("Secret");
        try (Stream<Path> files = Files.walk(Path.of("..", "deploy", "k8s"))) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(found -> !found.toString().contains("secrets"))
                    .toList()) {
                assertThat(Files.readString(file)).doesNotContain("PRIVATE KEY");
            }
        }
    }

    /** Paths and ports are said twice: in the profile, and where they are mounted and opened. */
    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void givesTheProfileWhatItReads(String overlay) throws Exception {
        Config profile = ConfigFactory.load(ConfigFactory.parseString("triptych.cluster.host = \"192.0.2.1\"")
                        .withFallback(ConfigFactory.parseResources("kubernetes.conf")))
                .getConfig("triptych");
        var roles = new ArrayList<String>();
        for (JsonObject pod : pods(build(overlay))) {
            JsonObject node = pod.getAsJsonObject("spec")
                    .getAsJsonArray("containers")
                    .get(0)
                    .getAsJsonObject();
            if (!node.get("name").getAsString().equals("node")) {
                continue;
            }
            List<String> arguments = texts(node.getAsJsonArray("args"));
            assertThat(arguments).containsSubsequence("node", "--profile", "kubernetes", "--roles");
            roles.add(arguments.getLast());
            List<String> mounted = StreamSupport.stream(
                            node.getAsJsonArray("volumeMounts").spliterator(), false)
                    .map(mount -> mount.getAsJsonObject().get("mountPath").getAsString())
                    .toList();
            for (String path : List.of("data", "shared", "tls.certificate", "tls.key", "tls.ca")) {
                assertThat(mounted).as(path).anyMatch(profile.getString(path)::startsWith);
            }
            assertThat(mounted)
                    .contains("/etc/triptych/access", "/tmp")
                    .anyMatch(mount -> mount.startsWith(profile.getString("systems") + "/"));
            assertThat(ports(node))
                    .containsEntry("grpc", profile.getInt("grpc.port"))
                    .containsEntry("http", profile.getInt("http.port"))
                    .containsEntry("nodes", profile.getInt("cluster.port"));
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(node.has(probe)).as(probe).isTrue();
            }
        }
        assertThat(roles).containsExactlyInAnyOrderElementsOf(ROLES);
    }

    private static List<JsonObject> build(String overlay) throws Exception {
        Process kustomize = new ProcessBuilder(
                        kubectl.toString(),
                        "kustomize",
                        folder.resolve("overlays").resolve(overlay).toString())
                .redirectErrorStream(true)
                .start();
        String rendered = new String(kustomize.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kustomize.waitFor()).as(rendered).isZero();
        var objects = new ArrayList<JsonObject>();
        for (Object document : new Yaml().loadAll(rendered)) {
            objects.add(new Gson().toJsonTree(document).getAsJsonObject());
        }
        return objects;
    }

    private static List<JsonObject> pods(List<JsonObject> objects) {
        return objects.stream()
                .filter(object -> List.of("Deployment", "StatefulSet", "Job").contains(kind(object)))
                .map(object -> object.getAsJsonObject("spec").getAsJsonObject("template"))
                .toList();
    }

    private static String kind(JsonObject object) {
        return object.get("kind").getAsString();
    }

    private static List<String> texts(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsString)
                .toList();
    }

    private static Map<String, Integer> ports(JsonObject container) {
        var ports = new TreeMap<String, Integer>();
        container
                .getAsJsonArray("ports")
                .forEach(port -> ports.put(
                        port.getAsJsonObject().get("name").getAsString(),
                        port.getAsJsonObject().get("containerPort").getAsInt()));
        return ports;
    }

    /** The model of its kind and version refuses what it does not have, and misses what it must. */
    private static void validate(JsonObject object) throws Exception {
        String api = object.get("apiVersion").getAsString();
        String version = api.substring(api.indexOf('/') + 1);
        Class<?> model = Class.forName("io.kubernetes.client.openapi.models." + Character.toUpperCase(version.charAt(0))
                + version.substring(1) + kind(object));
        try {
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, object);
        } catch (InvocationTargetException e) {
            throw new AssertionError(kind(object) + ": " + e.getCause().getMessage(), e);
        }
    }
}
