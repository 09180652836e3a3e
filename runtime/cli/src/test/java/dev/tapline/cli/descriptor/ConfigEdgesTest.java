package dev.tapline.cli.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.ConfigType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Amounts at the edge of what can be counted, at every key that takes one.
class ConfigEdgesTest {
  private static final List<String> BEYOND =
      List.of("999999999999999999999", "9223372036854775807", "999999999999999");

  @TempDir Path folder;

  @Test
  void everySizeAndSpanIsBounded() throws Exception {
    List<String> accepted = new ArrayList<>();
    int keys = 0;
    for (ConfigSpec spec : specs()) {
      for (ConfigKey<?> key : spec.keys()) {
        for (String text : beyond(key.type())) {
          keys++;
          List<String> problems = new ArrayList<>();
          spec.parse(Map.of(key.name(), text), folder, problem -> problems.add(problem.message()));
          if (problems.stream().noneMatch(problem -> problem.contains(" must be from "))) {
            accepted.add(key.name() + ": " + text + " " + problems);
          }
        }
      }
    }
    assertThat(keys).isGreaterThan(30);
    assertThat(accepted).isEmpty();
  }

  private static List<String> beyond(ConfigType type) {
    return switch (type) {
      case SIZE -> BEYOND.stream().map(amount -> amount + "TB").toList();
      case DURATION -> BEYOND.stream().map(amount -> amount + "d").toList();
      default -> List.of();
    };
  }

  private static List<ConfigSpec> specs() throws Exception {
    List<ConfigSpec> specs = new ArrayList<>();
    collect(ConfigSpec.of(DescriptorKeys.ENGINE), specs);
    GeneratedDocsTest.shipped().all().forEach(each -> collect(each.provider().config(), specs));
    return specs;
  }

  private static void collect(ConfigSpec spec, List<ConfigSpec> specs) {
    specs.add(spec);
    spec.keys().forEach(key -> key.section().ifPresent(section -> collect(section, specs)));
  }

  @Test
  void theLongestSpansCanBeCounted() throws Exception {
    for (ConfigSpec spec : specs()) {
      for (ConfigKey<?> key : spec.keys()) {
        if (key.type() == ConfigType.DURATION) {
          Duration longest = Duration.ofMillis(key.maximum());
          assertThat(longest.multipliedBy(100).toNanos()).isPositive();
        }
      }
    }
  }

  @Test
  void theyAreRefusedWithLineAndColumn() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            source: {type: postgres, host: db}
            streams:
              - table: public.a
                lookback: soon
              - table: public.b
                lookback: 999999999999d
            sink: {type: jsonl, path: out}
            engine:
              retry-for: 999999999999d
              checkpoint:
                interval: 999999999999d
                bytes: 99999999999GB
            """);
    List<String> problems = problems(file);
    assertThat(problems)
        .anySatisfy(each ->
            assertThat(each)
                .contains(":4:", "'lookback': 'soon' is not a span of time", "or a number for"))
        .anySatisfy(each -> assertThat(each).contains(":6:", "999999999999d must be from 0s to"))
        .anySatisfy(
            each -> assertThat(each).contains(":9:", "999999999999d must be from 0s to 365d"))
        .anySatisfy(
            each -> assertThat(each).contains(":11:", "999999999999d must be from 0s to 365d"))
        .anySatisfy(
            each -> assertThat(each).contains(":12:", "99999999999GB must be from 1MB to 1024TB"));
  }

  private static List<String> problems(Path file) throws Exception {
    try {
      new DescriptorReader(FakePlugins.all(), Map.of()).read(file);
      return List.of();
    } catch (DescriptorException e) {
      return e.problems();
    }
  }

  @Test
  void whatStandsInADescriptorIsWrittenAsItIsRead() {
    ConfigKey<Duration> span = ConfigKey.duration("span");
    for (String text : List.of("0s", "500ms", "10s", "5m", "2h", "24h", "365d")) {
      Config config = ConfigSpec.of(span).parse(Map.of("span", text), Path.of(""), _ -> {});
      assertThat(span.withDefault(config.get(span)).defaultText()).isEqualTo(text);
    }
  }
}
