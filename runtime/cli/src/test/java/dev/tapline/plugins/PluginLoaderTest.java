package dev.tapline.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.TestDistribution;
import dev.tapline.cli.TestDistribution.Result;
import dev.tapline.cli.TestPlugin;
import dev.tapline.spi.Provider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Real jars, in a real distribution, loaded by a JVM of its own.
class PluginLoaderTest {
  private static final String OTHER_SPI = "9.1.0";

  @TempDir private Path temporary;
  private TestDistribution distribution;

  @BeforeEach
  void assemble() throws Exception {
    distribution = TestDistribution.in(temporary.resolve("home"));
  }

  @Test
  void listsWhatTheRuntimeProvidesItself() throws Exception {
    Result result = distribution.run("plugins");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("replication method").contains("FULL_TABLE");
  }

  @Test
  void loadsAJarAndAFolderOfJars() throws Exception {
    TestPlugin.sink("one", "one").version("1.2").packTo(jar("one.jar"));
    TestPlugin.source("two", "two").packTo(jar("two/two.jar"));
    Result result = distribution.run("plugins");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .containsPattern("sink +one +1\\.2 +\\S+/plugins/one\\.jar +Drops rows\\.")
        .containsPattern("source +two +\\S+/plugins/two +Offers one table\\.");
  }

  @Test
  void looksIntoTheFolderOfTheOptionAndOfTheVariable() throws Exception {
    Path folder = temporary.resolve("more");
    TestPlugin.sink("one", "one").packTo(folder.resolve("one.jar"));
    assertThat(distribution.run("plugins", "--plugins", folder.toString()).out())
        .contains("one.jar");
    distribution.environment("TAPLINE_PLUGINS", folder.toString());
    assertThat(distribution.run("plugins").out()).contains("one.jar");
    Result missing = distribution.run("plugins", "--plugins", "nowhere");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).isEqualTo("runtime: --plugins: there is no folder nowhere\n");
  }

  @Test
  void aBrokenJarKeepsNoOtherFromLoading() throws Exception {
    TestPlugin.sink("one", "one").packTo(jar("one.jar"));
    Files.writeString(jar("broken.jar"), "not a jar");
    Result result = distribution.run("plugins");
    assertThat(result.out()).contains("one.jar");
    assertThat(result.err()).contains("broken.jar: broken.jar is not a jar that can be read");
    assertThat(result.code()).isEqualTo(1);
    Result described = distribution.run("plugins", "describe", "sink", "one");
    assertThat(described.code()).isZero();
    assertThat(described.out()).containsPattern("greeting +text +hello +What to say\\.");
  }

  @Test
  void aMissingPluginIsExplainedByTheBrokenOne() throws Exception {
    TestPlugin.sink("one", "one").packTo(jar("one.jar"));
    Files.writeString(jar("broken.jar"), "not a jar");
    Result result = distribution.run("plugins", "describe", "sink", "onne");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("there is no sink 'onne'; did you mean 'one'?; there is one; plug-in ")
        .contains("broken.jar is not a jar that can be read");
  }

  @Test
  void aProviderThatThrowsIsNamedWithItsJar() throws Exception {
    TestPlugin.sink("one", "one").packTo(jar("one.jar"));
    TestPlugin.sink("bad", "bad")
        .file(
            "bad/Sinks.java",
            TestPlugin.sinkSource("bad", "bad", "")
                .replace(
                    "public String name()",
                    "public Sinks() { throw new IllegalStateException(\"no licence\"); } public String name()"))
        .packTo(jar("bad.jar"));
    Result result = distribution.run("plugins");
    assertThat(result.out()).contains("one.jar").doesNotContain("bad.jar");
    assertThat(result.err()).contains("bad.jar: it cannot be loaded").contains("no licence");
  }

  @Test
  void twoOfANameAreAnErrorThatListsTheJars() throws Exception {
    TestPlugin.sink("one", "one").packTo(jar("a.jar"));
    TestPlugin.sink("other", "one").packTo(jar("b.jar"));
    Result result = distribution.run("plugins", "describe", "sink", "one");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .containsPattern("a\\.jar: the sink 'one' is also in \\S+b\\.jar; remove all but one");
  }

  @Test
  void aFolderWithoutProviderIsAnErrorThatListsTheJars() throws Exception {
    new TestPlugin()
        .file("module-info.java", "module nothing {}")
        .file("nothing/Nothing.java", "package nothing; class Nothing {}")
        .packTo(jar("nothing/nothing.jar"));
    Result result = distribution.run("plugins", "schema");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("no module in nothing.jar provides a source");
  }

  @Test
  void anEmptyFolderIsAWarning() throws Exception {
    Files.createDirectories(jar("empty"));
    Result result = distribution.run("plugins", "schema");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("/empty: there is no jar in this folder");
  }

  @Test
  void anotherSpiVersionIsRefusedInASentence() throws Exception {
    TestPlugin.sink("old", "old").against(spi(OTHER_SPI)).packTo(jar("old.jar"));
    Result result = distribution.run("plugins");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).doesNotContain("old.jar");
    assertThat(result.err())
        .contains("old.jar: module old was built against version 9.1.0 of the SPI, and this is ")
        .contains("; install a release of the plug-in for this version");
  }

  @Test
  void bundledCopiesOfWhatIsSharedAreLeftOut() throws Exception {
    TestPlugin.source("one", "one").packTo(jar("one/one.jar"));
    Files.copy(spi(OTHER_SPI), jar("one/spi.jar"));
    Files.copy(TestDistribution.origin(LoggerFactory.class), jar("one/slf4j-api.jar"));
    Result result = distribution.run("plugins");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("/plugins/one");
    // The logging API is of the very version that is shared, so that nothing need be said of it.
    assertThat(result.err())
        .containsPattern(
            "spi\\.jar is ignored, since dev\\.tapline\\.spi\\S* is what every plug-in")
        .doesNotContain("slf4j-api.jar");
  }

  @Test
  void jarsThatShareAPackageAreLoadedAsOneUnnamedModule() throws Exception {
    new TestPlugin()
        .file("split/Helper.java", "package split; public class Helper {}")
        .packTo(jar("split/helper.jar"));
    new TestPlugin()
        .file("split/Sinks.java", TestPlugin.sinkSource("split", "split", "new Helper();"))
        .file("META-INF/services/dev.tapline.spi.sink.SinkProvider", "split.Sinks\n")
        .file("split/Helper.java", "package split; class Helper {}")
        .packTo(jar("split/sink.jar"));
    Result result = distribution.run("plugins");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).containsPattern("sink +split");
  }

  @Test
  void jarsThatCannotBeModulesAndNameNoProviderAreExplained() throws Exception {
    new TestPlugin().file("split/A.java", "package split; class A {}").packTo(jar("split/a.jar"));
    new TestPlugin().file("split/B.java", "package split; class B {}").packTo(jar("split/b.jar"));
    Result result = distribution.run("plugins");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("its jars (a.jar, b.jar) cannot be modules side by side")
        .contains("META-INF/services");
  }

  @Test
  void anAutomaticModuleMayBundleOtherVersionsOfTheRuntimesLibraries() throws Exception {
    // The same names and packages as those of the runtime's libraries, with nothing behind them.
    new TestPlugin()
        .file(
            "picocli/CommandLine.java",
            "package picocli; public class CommandLine { public String toString() { return \"its own\"; } }")
        .file(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nAutomatic-Module-Name: info.picocli\n")
        .packTo(jar("own/picocli-1.0.jar"));
    Path bundled = jar("own/picocli-1.0.jar");
    Files.copy(
        TestDistribution.origin(org.snakeyaml.engine.v2.api.LoadSettings.class),
        jar("own/snakeyaml-engine.jar"));
    new TestPlugin()
        .file(
            "own/Sinks.java",
            TestPlugin.sinkSource(
                "own",
                "own",
                "findings.add(Finding.ok(\"library\", new picocli.CommandLine().toString()));"))
        .file("META-INF/services/dev.tapline.spi.sink.SinkProvider", "own.Sinks\n")
        .with(bundled)
        .packTo(jar("own/own.jar"));
    TestPlugin.source("one", "one").packTo(jar("one.jar"));
    Result result = distribution.run("check", pipeline("{type: own}").toString());
    assertThat(result.err()).doesNotContain("WARN");
    assertThat(result.out()).contains("library: its own");
  }

  @Test
  void callsIntoAPluginHaveItsContextClassLoader() throws Exception {
    TestPlugin.source("one", "one").packTo(jar("one.jar"));
    TestPlugin.sink("ctx", "ctx")
        .file(
            "ctx/Sinks.java",
            TestPlugin.sinkSource(
                "ctx",
                "ctx",
                "findings.add(Finding.ok(\"loader\", \"\" + (Thread.currentThread().getContextClassLoader() == Sinks.class.getClassLoader())));"))
        .packTo(jar("ctx.jar"));
    Result result = distribution.run("check", pipeline("{type: ctx}").toString());
    assertThat(result.out()).contains("loader: true");
  }

  @Test
  void missingClassesOfAPluginAreNamedWithItWhenTheyAreMissed() throws Exception {
    Path library = temporary.resolve("library.jar");
    new TestPlugin().file("gone/Gone.java", "package gone; public class Gone {}").packTo(library);
    TestPlugin.source("one", "one").packTo(jar("one.jar"));
    new TestPlugin()
        .file("half/Sinks.java", TestPlugin.sinkSource("half", "half", "new gone.Gone();"))
        .file("META-INF/services/dev.tapline.spi.sink.SinkProvider", "half.Sinks\n")
        .with(library)
        .packTo(jar("half.jar"));
    Result result = distribution.run("check", pipeline("{type: half}").toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("half.jar is not complete").contains("gone/Gone");
  }

  private Path jar(String name) throws Exception {
    Path jar = distribution.plugins().resolve(name);
    Files.createDirectories(jar.getParent());
    return jar;
  }

  private Path pipeline(String sink) throws Exception {
    return Files.writeString(
        temporary.resolve("pipeline.yaml"),
        "source: {type: one}\nstreams:\n  - table: public.*\nsink: " + sink + "\n",
        StandardOpenOption.CREATE_NEW);
  }

  /// The SPI of this build, under another version.
  private Path spi(String version) throws Exception {
    Path spi = temporary.resolve("spi-" + version + ".jar");
    if (Files.exists(spi)) {
      return spi;
    }
    Path classes = TestDistribution.origin(Provider.class);
    Path descriptor = temporary.resolve("descriptor");
    TestSpi.copyWithVersion(classes, descriptor, version);
    TestDistribution.pack(descriptor, spi);
    return spi;
  }
}
