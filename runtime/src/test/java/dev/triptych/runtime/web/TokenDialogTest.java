package dev.triptych.runtime.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.access.Tokens;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages of a node that asks for tokens. */
@Timeout(90)
class TokenDialogTest {

    private static final String READER = "rita";
    private static final String TRAINER = "tom";
    private static final String DIALOG = "dialog[aria-label=token][open]";
    private static final String TRAIN = "Train returns";

    @TempDir
    Path folder;

    @Test
    void asksForATokenUntilItIsGoodAndSaysWhatItDoesNotAllow() throws Exception {
        var tokens = List.of(holder(READER, "reader"), holder(TRAINER, "trainer"));
        try (Node node = Node.start(ShopSystem.settings(
                        folder.resolve("data"),
                        ShopSystem.writeTo(folder.resolve("systems")),
                        Map.of("triptych.access.tokens", tokens)));
                Browser browser = Browser.start("http://" + node.httpAddress(), ShopSystem.NAME)) {
            browser.load("training");
            browser.find(DIALOG);
            browser.screenshot("token", Browser.DESK);
            give(browser, "nobody's");
            browser.awaitText(DIALOG, "was refused");
            give(browser, READER);
            browser.settle();
            assertThat(browser.all(DIALOG)).isEmpty();

            train(browser);
            browser.awaitText(".problem", "trainer");

            browser.script("sessionStorage.clear(); return ''");
            browser.load("training");
            browser.find(DIALOG);
            give(browser, TRAINER);
            browser.settle();
            train(browser);
            browser.awaitText("main tbody", "returns");
        }
    }

    private static void train(Browser browser) {
        browser.await(TRAIN, button -> button.getText().equals(TRAIN), "main button")
                .click();
    }

    private static void give(Browser browser, String token) {
        browser.type(DIALOG + " input", token);
        browser.click(DIALOG + " button");
    }

    /** The token is the name. */
    private static Map<String, Object> holder(String name, String role) {
        return Map.of("name", name, "sha256", HexFormat.of().formatHex(Tokens.sha256(name)), "roles", List.of(role));
    }
}
