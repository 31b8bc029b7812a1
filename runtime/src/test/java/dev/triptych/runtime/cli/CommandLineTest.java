package dev.triptych.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.WriteFeaturesRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands, as a person or a script gives them to a running node. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class CommandLineTest {

    static Stream<String> everyCommandExplainsItself() {
        return paths("", Triptych.commandLine());
    }

    private static Stream<String> paths(String path, CommandLine commandLine) {
        return Stream.concat(
                Stream.of(path),
                commandLine.getSubcommands().entrySet().stream()
                        .flatMap(sub -> paths((path + " " + sub.getKey()).strip(), sub.getValue())));
    }

    @ParameterizedTest
    @MethodSource
    void everyCommandExplainsItself(String path) {
        var arguments = new ArrayList<>(path.isEmpty() ? List.<String>of() : List.of(path.split(" ")));
        arguments.add("--help");

        CommandLineResult help = CommandLineResult.of(arguments.toArray(String[]::new));

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains(("Usage: triptych " + path).strip()).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runs list",
                "runs list shop --kind training",
                "models list shop",
                "models show shop returns",
                "models card shop returns",
                "features get shop order o1 o2",
                "features history shop placed o1",
                "predict shop o1",
                "predict shop --feature amount=30.0 --feature items=1 --feature country=se",
                "predictions list shop",
                "replay --system shop",
                "replay --system shop --against 1",
                "audit verify",
                "audit show shop order o1",
                "monitor drift shop",
                "monitor quality shop --step 1h",
                "monitor freshness shop",
                "monitor traffic shop",
                "run shop inference"
            })
    void answersAreOneJsonObjectALineOrATableForPeople(String command, Shop shop) {
        triptych(shop, "predict shop o1");

        CommandLineResult json = triptych(shop, command + " --json");
        CommandLineResult table = triptych(shop, command);

        assertThat(json.exitCode()).as(json.toString()).isZero();
        assertThat(json.out().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(
                                JsonParser.parseString(line).getAsJsonObject().size())
                        .isPositive());
        assertThat(table.exitCode()).as(table.toString()).isZero();
        assertThat(table.out()).isNotBlank().doesNotContain("{\"");
    }

    @Test
    void featuresAreShownWithStatusAndTimes(Shop shop) {
        assertThat(triptych(shop, "features get shop order o9 --feature placed.amount")
                        .out())
                .contains("placed.amount", "290.0", "PRESENT", "2026-01-09T10:00:00Z");
        assertThat(triptych(shop, "features get shop order o9 --as-of 2026-01-09T09:59:59Z")
                        .out())
                .contains("NOT_FOUND")
                .doesNotContain("PRESENT");
        assertThat(triptych(shop, "features get shop order o9 --known-at 2026-01-01T00:00:00Z")
                        .out())
                .contains("NOT_FOUND")
                .doesNotContain("PRESENT");
    }

    @Test
    void aVersionIsShownWithItsEvaluatorAndTheImportanceOfItsInputs(Shop shop) {
        assertThat(triptych(shop, "models show shop returns").out())
                .contains("evaluator  flattened", "over 8 rows", "placed.amount", "placed.items", "placed.country");
    }

    @Test
    void aRunThatIsRepeatedFindsNothingNew(Shop shop) {
        CommandLineResult run = triptych(shop, "run shop feature");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains("completed in");
        assertThat(run.out().lines().filter(line -> line.contains("rowsWritten")))
                .singleElement()
                .asString()
                .endsWith(" 0");
    }

    @Test
    void aBatchIsRunAsOfAnInstant(Shop shop) {
        CommandLineResult run = triptych(shop, "run shop inference --as-of 2026-01-05T12:00:00Z");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains("2026-01-05T12:00:00Z");
        assertThat(triptych(shop, "run shop feature --as-of 2026-01-05T12:00:00Z")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aRunThatFailsEndsWithOneAndSaysWhere(Shop shop) throws IOException {
        Path orders = shop.systems().resolve("shop").resolve("orders.csv");
        String good = Files.readString(orders);
        try {
            Files.writeString(orders, good.replace("20.5,1,se", "dear,1,se"));

            CommandLineResult run = triptych(shop, "run shop feature");

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.FAILED);
            assertThat(run.out()).contains("failed after", "orders.csv", "2", "amount", "dear");
        } finally {
            Files.writeString(orders, good);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "predict shop nobody",
                "predict shoop o1",
                "predict shop",
                "predict shop o1 --feature amount=1",
                "predict shop --feature amount=dear",
                "features get shoop order o1",
                "features get shop ordre o1 --feature placed",
                "features get shop order o1 --as-of yesterday",
                "features history shop plaecd o1",
                "models show shop refunds",
                "models show shop returns 99",
                "models card shop returns 99",
                "models promote shop returns 99",
                "models rollback shop returns --alias winner",
                "runs watch run-0",
                "run shop refund",
                "run shop feature --pipeline refunds",
                "run shop training --set trees=7",
                "models list --timeout 0",
                "models list --timeout soon",
                "replay prediction-0",
                "replay --against 1",
                "replay --system shop --against 99",
                "audit show shop order nobody",
                "features erase shop order nobody --reason asked --yes",
                "features erase shop order o1 --yes",
                "features erase shop order o1 --reason asked",
                "features erase shop ordre o1 --reason asked --yes",
                "audit verify --seal 1",
                "predictions list --limit -1",
                "predictions list --colour red"
            })
    void aMistakeOfTheCallerEndsWithTwoAndNamesIt(String command, Shop shop) {
        CommandLineResult result = triptych(shop, command);

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isNotBlank().doesNotContain("Exception");
    }

    @Test
    void anIntactJournalShowsASealToNoteAndKnowsItAgain(Shop shop) {
        CommandLineResult verified = triptych(shop, "audit verify");
        String noted = verified.out().lines().toList().getLast().replace("last seal ", "");
        String forged = noted.substring(0, noted.indexOf(':') + 1) + "0".repeat(64);

        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertThat(verified.out()).startsWith("the journal is intact: ");
        assertThat(triptych(shop, "audit verify --seal " + noted).exitCode()).isZero();
        CommandLineResult different = triptych(shop, "audit verify --seal " + forged);
        assertThat(different.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(different.out()).contains("is broken", "not the seal that was noted");
    }

    @Test
    void theStoryOfAnEntityHasItsRowsItsOutcomeAndItsPredictionsInOrder(Shop shop) {
        triptych(shop, "predict shop o2");

        List<String> story =
                triptych(shop, "audit show shop order o2").out().lines().toList();

        assertThat(story)
                .anyMatch(line -> line.contains("row of placed")
                        && line.contains("run orders-")
                        && line.contains("amount=310.0"));
        assertThat(story).anyMatch(line -> line.contains("row of outcome") && line.contains("returned=true"));
        assertThat(story)
                .anyMatch(line -> line.contains("prediction of returns")
                        && line.contains("client")
                        && line.contains("by version 1"));
        assertThat(story.subList(1, story.size())).isSorted();
    }

    @Test
    void anErasedEntityIsToldAsErasedByEveryCommand(Shop shop) {
        shop.client()
                .features()
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem("shop")
                        .setView("placed")
                        .addRows(FeatureRow.newBuilder()
                                .setKey("forgotten")
                                .setEventTime(Client.time("2026-01-01T00:00:00Z"))
                                .putValues("amount", Client.number(77.125)))
                        .build());
        triptych(shop, "predict shop forgotten");

        CommandLineResult erased =
                triptych(shop, "features erase shop order forgotten --reason request-17 --yes --json");

        assertThat(erased.exitCode()).as(erased.toString()).isZero();
        assertThat(JsonParser.parseString(erased.out()).getAsJsonObject().has("sequence_nr"))
                .isTrue();
        assertThat(triptych(shop, "features erase shop order forgotten --reason again --yes")
                        .out())
                .isEqualTo("shop/order/forgotten is erased, by event 2 of its journal\n");
        assertThat(triptych(shop, "features get shop order forgotten").out())
                .contains("ERASED")
                .doesNotContain("77.125", "NOT_FOUND");
        assertThat(triptych(shop, "audit show shop order forgotten").out())
                .contains("rows, erased", "prediction of returns", "request-17")
                .doesNotContain("77.125");
        assertThat(triptych(shop, "audit verify").out()).contains("of them erased");
        CommandLineResult replayed = triptych(shop, "replay --system shop");
        assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        assertThat(replayed.out()).contains(", 1 erased");
    }

    @Test
    void noCommandAtAllIsAMistakeToo() {
        CommandLineResult result = CommandLineResult.of();

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("Usage: triptych");
    }

    @Test
    void noNodeEndsWithThree() throws IOException {
        String nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = "127.0.0.1:" + socket.getLocalPort();
        }

        CommandLineResult result = CommandLineResult.of("models", "list", "--node", nobody);

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(result.err().strip())
                .startsWith("triptych: no node answers")
                .contains("--node")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", ":7420", ":::", "127.0.0.1:65536", "http://127.0.0.1:7420", "::1:7420"})
    void whatIsNoAddressEndsWithTwo(String address) {
        CommandLineResult result = CommandLineResult.of("models", "list", "--node", address);

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(address + " (expected: HOST:PORT").doesNotContain("Exception");
    }

    @Test
    void aHostThatNobodyKnowsEndsWithThree() {
        CommandLineResult result = CommandLineResult.of("models", "list", "--node", "nowhere.invalid:7420");

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(result.err().strip())
                .startsWith("triptych: ")
                .contains("nowhere.invalid", "--node")
                .hasLineCount(1);
    }

    @Test
    void aDefinitionIsCheckedWithoutANode(@TempDir Path folder) throws IOException {
        Path shop = ShopSystem.writeTo(folder).resolve("shop");
        assertThat(CommandLineResult.of("check", shop.toString()))
                .isEqualTo(new CommandLineResult(ExitCode.OK, "shop: no mistakes\n", ""));

        Path definition = shop.resolve("system.conf");
        Files.writeString(definition, Files.readString(definition).replace("outcome.returned", "outcome.retuned"));
        CommandLineResult text = CommandLineResult.of("check", shop.toString());
        CommandLineResult json = CommandLineResult.of("check", shop.toString(), "--json");

        assertThat(text.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(text.out()).contains("system.conf:27", "outcome.retuned", "outcome.returned");
        assertThat(json.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(JsonParser.parseString(json.out())
                        .getAsJsonObject()
                        .get("line")
                        .getAsInt())
                .isEqualTo(27);
    }

    private static CommandLineResult triptych(Shop shop, String command) {
        return CommandLineResult.of((command + " --node " + shop.address()).split(" "));
    }
}
