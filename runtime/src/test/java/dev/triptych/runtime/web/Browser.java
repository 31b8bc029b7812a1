package dev.triptych.runtime.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium at one node's pages; what a test waits for, it waits for at most {@link #WAIT_MAX}. */
final class Browser implements AutoCloseable {

    static final Duration WAIT_MAX = Duration.ofSeconds(15);
    private static final Duration LOOKED_EVERY = Duration.ofMillis(100);
    static final Dimension DESK = new Dimension(1280, 900);
    static final Dimension PHONE = new Dimension(390, 844);

    /** Of the node all the same: for another address the browser would begin another process. */
    private static final String NO_PAGE = "/icon.svg";

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String AXE = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final long TALLEST_PICTURE = 4_000;

    private final ChromeDriver driver;
    private final String base;
    private final String system;

    private Browser(ChromeDriver driver, String base, String system) {
        this.driver = driver;
        this.base = base;
        this.system = system;
    }

    /**
     * @param base address of the node's HTTP interface
     * @param system whose pages are opened
     */
    static Browser start(String base, String system) {
        var options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                // One process for what is shown: one a page, and one to spare, took twice the time.
                "--renderer-process-limit=1",
                "--disable-features=SpareRendererForSitePerProcess,BackForwardCache",
                "--hide-scrollbars");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .build();
        var browser = new Browser(new ChromeDriver(service, options), base, system);
        browser.size(DESK);
        browser.theme("light");
        return browser;
    }

    /** Loads a page anew, and waits until what it shows has come from the node. */
    void open(String page) {
        openSystem(system, page);
    }

    void openSystem(String name, String page) {
        load(name, page);
        settle();
    }

    /** Loads a page anew, and waits for nothing of what the node has to say. */
    void load(String page) {
        load(system, page);
    }

    private void load(String name, String page) {
        rest();
        driver.get(base + "/#/" + name + "/" + page);
    }

    /** Waits until the page has a title, nothing is loading and every chart is drawn. */
    void settle() {
        await("everything to be loaded", seen -> (Boolean) Objects.requireNonNull(driver.executeScript("""
                        return document.querySelector('main h1, main .empty') !== null
                            && document.querySelector('main .loading') === null
                            && document.querySelector('.connection.live') !== null
                            && document.querySelectorAll('.chart:not([data-drawn])').length === 0""")));
    }

    void size(Dimension size) {
        // The window's own size has a smallest width that is wider than a phone.
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", size.width, "height", size.height, "deviceScaleFactor", 1, "mobile", false));
    }

    /**
     * For a viewer who wants nothing to move: what breathes without end would be drawn for as long as the page is open.
     *
     * @param theme dark or light, as the viewer's system has it
     */
    void theme(String theme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", theme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Has no page open, so that nothing is asked of the node. */
    void rest() {
        driver.get(base + NO_PAGE);
    }

    /** Cuts the browser off from the node, or brings it back. */
    void offline(boolean offline) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    WebElement find(String css) {
        return await(css, seen -> true, css);
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    String text(String css) {
        return find(css).getText();
    }

    void click(String css) {
        WebElement element = find(css);
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        element.click();
    }

    void type(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
    }

    /** Moves a slider to a value, as a drag does. */
    void slide(String css, String value) {
        driver.executeScript("""
                arguments[0].value = arguments[1];
                arguments[0].dispatchEvent(new Event('input', {bubbles: true}))""", find(css), value);
    }

    /** Waits until the element is there and its text is as wished. */
    WebElement await(String why, Predicate<WebElement> wished, String css) {
        return new WebDriverWait(driver, WAIT_MAX, LOOKED_EVERY)
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> why + " at " + driver.getCurrentUrl())
                .until(any -> all(css).stream().filter(wished).findFirst().orElse(null));
    }

    void awaitText(String css, String part) {
        await(css + " to say " + part, element -> element.getText().contains(part), css);
    }

    private void await(String why, Predicate<Void> wished) {
        new WebDriverWait(driver, WAIT_MAX, LOOKED_EVERY)
                .withMessage(() -> why + " at " + driver.getCurrentUrl() + "; console: " + errors())
                .until(any -> wished.test(null));
    }

    Object script(String script) {
        return driver.executeScript(script);
    }

    String address() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    String title() {
        return Objects.requireNonNull(driver.getTitle());
    }

    void reload() {
        driver.navigate().refresh();
        settle();
    }

    /** What the console has said since it was last asked: errors, refused content, failed requests. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(Object::toString)
                // Chromium asks for it where what it shows is a picture, as NO_PAGE is.
                .filter(message -> !message.contains("/favicon.ico "))
                .toList();
    }

    /** Findings of axe that are serious or worse, each with the first element it is about. */
    List<String> seriousFindings() {
        return seriousFindings("{resultTypes: ['violations']}");
    }

    /** The same of colours alone, which are all that another theme changes. */
    List<String> unreadableColours() {
        return seriousFindings("{resultTypes: ['violations'], runOnly: ['color-contrast']}");
    }

    private List<String> seriousFindings(String options) {
        driver.executeScript(axe());
        Object found = driver.executeAsyncScript("""
                const done = arguments[0];
                axe.run(document, %s).then(
                    (results) => done(JSON.stringify(results.violations
                        .filter(({impact}) => impact === 'serious' || impact === 'critical')
                        .map(({id, nodes}) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))),
                    (failure) => done(JSON.stringify(['axe failed: ' + failure])))""".formatted(options));
        JsonArray findings =
                JsonParser.parseString((String) Objects.requireNonNull(found)).getAsJsonArray();
        var told = new ArrayList<String>();
        findings.forEach(finding -> told.add(finding.getAsString()));
        return told;
    }

    private static String axe() {
        try (InputStream in = Browser.class.getClassLoader().getResourceAsStream(AXE)) {
            return new String(Objects.requireNonNull(in, AXE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that this page's loading took over the wire. */
    long bytesTransferred() {
        return ((Number) Objects.requireNonNull(driver.executeScript("""
                        return performance.getEntriesByType('resource').reduce((sum, {transferSize}) => sum + transferSize, 0)
                            + performance.getEntriesByType('navigation')[0].transferSize"""))).longValue();
    }

    /** The whole page, as a picture in target/screenshots. */
    void screenshot(String name, Dimension size) {
        long height = ((Number)
                        Objects.requireNonNull(driver.executeScript("return document.documentElement.scrollHeight")))
                .longValue();
        Map<String, Object> taken = driver.executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of(
                                "x",
                                0,
                                "y",
                                0,
                                "width",
                                size.width,
                                "height",
                                Math.min(height, TALLEST_PICTURE),
                                "scale",
                                1)));
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String)
                    Objects.requireNonNull(taken.get("data"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
