package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresProviderTest {
  private final PostgresProvider provider = new PostgresProvider();

  private List<String> problems(Map<String, ?> values) {
    return provider.validate(Config.of(provider.config(), values)).stream()
        .map(ConfigProblem::message)
        .toList();
  }

  @Test
  void acceptsAServerOnThisMachineWithoutAnyKey() {
    assertThat(problems(Map.of())).isEmpty();
  }

  @Test
  void findsAPortInsideTheHost() {
    assertThat(problems(Map.of("host", "db:5433")))
        .containsExactly("host 'db:5433' holds a port; write host: db and port: 5433");
  }

  @Test
  void acceptsAnAddressOfVersionSix() {
    assertThat(problems(Map.of("host", "::1"))).isEmpty();
    assertThat(problems(Map.of("url", "postgresql://[::1]:5433/shop"))).isEmpty();
  }

  @Test
  void refusesWhatIsSaidTwice() {
    assertThat(problems(Map.of("database", "a", "databases", List.of("b"))))
        .containsExactly("'database' and 'databases' exclude each other; keep one");
    assertThat(problems(Map.of("url", "postgresql://h/d", "port", 5433)))
        .containsExactly("'url' and 'port' exclude each other; say it in one of the two");
    assertThat(problems(Map.of("databases", List.of("*", "b"))))
        .containsExactly("\"*\" means every database; name no others beside it");
  }

  @Test
  void tellsWhatIsWrongInAUrlWithoutRepeatingIt() {
    assertThat(problems(Map.of("url", "jdbc:postgresql://h/d")))
        .containsExactly("a url must begin with postgresql://; leave out the 'jdbc:' in front");
    assertThat(problems(Map.of("url", "postgresql://u:hush@h:x/d?sslmod=require")))
        .containsExactly(
            "the url's parameter 'sslmod' is unknown; did you mean 'sslmode'?",
            "the url's port 'x' is not a number from 1 to 65535");
    assertThat(problems(Map.of("url", "postgresql://u:hu sh@h/d")))
        .singleElement()
        .asString()
        .contains("percent-encode")
        .doesNotContain("sh@");
  }
}
