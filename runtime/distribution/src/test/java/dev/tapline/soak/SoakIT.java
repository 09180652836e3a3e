package dev.tapline.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Runs when it is asked for: by `bin/soak`.
class SoakIT {
  @Test
  @EnabledIfSystemProperty(named = SoakSettings.MINUTES, matches = ".+")
  void copiesAreTheSourceOrRunsSayWhyNot() throws Exception {
    Figures figures = soak(SoakSettings.ofProperties());
    assertThat(figures.failures).isZero();
  }

  /// For a JVM of its own.
  public static void main(String[] arguments) throws Exception {
    System.exit(soak(SoakSettings.ofProperties()).failures == 0 ? 0 : 1);
  }

  private static Figures soak(SoakSettings settings) throws Exception {
    Path folder = Files.createTempDirectory("tapline-soak-");
    System.out.println("folder " + folder + "; sentences that count:");
    ExpectedMessages.sentences().forEach(sentence -> System.out.println("  " + sentence));
    Soak soak = new Soak(settings, folder);
    try {
      Figures figures = soak.run();
      System.out.printf("seed %d%n%s%n", settings.seed(), figures);
      return figures;
    } finally {
      soak.end();
    }
  }
}
