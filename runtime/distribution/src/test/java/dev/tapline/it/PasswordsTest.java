package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordsTest {
  @TempDir Path folder;

  @Test
  void whatACommandWritesIsLookedThrough() throws Exception {
    Path given = Files.writeString(folder.resolve("pipeline.yaml"), "password: " + Passwords.MARK);
    Passwords passwords = Passwords.before(folder);
    passwords.requireNone();

    Path made = Files.createDirectories(folder.resolve(".tapline/runs")).resolve("report.json");
    Files.writeString(made, "cannot log in with open-" + Passwords.MARK);

    assertThatThrownBy(passwords::requireNone)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(made.toString());
    Files.delete(made);
    Files.writeString(given, Files.readString(given) + "\n");
    assertThatThrownBy(passwords::requireNone).isInstanceOf(AssertionError.class);
  }
}
