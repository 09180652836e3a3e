package dev.tapline.cli.descriptor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts the values of `${env:NAME}` and `${file:path}` in their places.
final class VariableReferences {
  // The doubled dollar comes first, so that what it escapes is not taken for a reference.
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:(env|file):([^}]*)})?");

  // As shells and other tools have it.
  private static final Pattern PLAIN =
      Pattern.compile("\\$\\{(?:env[.:])?([A-Za-z_][A-Za-z0-9_]*)(?::?-[^}]*)?}");

  private final Map<String, String> environment;
  private final Path folder;

  /// @param environment what `env` means
  /// @param folder what the paths of `file` are relative to
  VariableReferences(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /// Whether the text holds a reference, right or wrong.
  static boolean in(String text) {
    return REFERENCE.matcher(text).find();
  }

  /// Whether the text holds a reference to what may be another value later.
  static boolean mayChange(String text) {
    return REFERENCE.matcher(text).results().anyMatch(found -> "file".equals(found.group(1)));
  }

  /// The text with values for references; one without a value is a problem, and stays.
  String resolve(String text, Consumer<String> problems) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(result, Matcher.quoteReplacement(value(text, matcher, problems)));
    }
    return matcher.appendTail(result).toString();
  }

  private String value(String text, Matcher matcher, Consumer<String> problems) {
    if (matcher.group().startsWith("$$")) {
      return "${";
    }
    @Nullable String kind = matcher.group(1);
    if (kind == null) {
      problems.accept(unknown(text.substring(matcher.start())));
      return matcher.group();
    }
    String name = matcher.group(2).strip();
    return kind.equals("env")
        ? variable(name, matcher.group(), problems)
        : file(name, matcher.group(), problems);
  }

  private static String unknown(String text) {
    Matcher name = PLAIN.matcher(text);
    return name.lookingAt()
        ? "'${' begins neither ${env:NAME} nor ${file:path}; write ${env:%s} for the environment variable %s"
            .formatted(name.group(1), name.group(1))
        : "'${' begins neither ${env:NAME} nor ${file:path}; write $${ for the characters themselves";
  }

  private String variable(String name, String reference, Consumer<String> problems) {
    String value = environment.get(name);
    if (value == null) {
      problems.accept("the environment variable '" + name + "' is not set");
      return reference;
    }
    return value;
  }

  private String file(String name, String reference, Consumer<String> problems) {
    if (name.isEmpty()) {
      problems.accept("${file:} names no file");
      return reference;
    }
    try {
      return withoutLineEnd(Files.readString(expand(name, folder)));
    } catch (NoSuchFileException e) {
      problems.accept("there is no file '" + name + "'");
    } catch (IOException | IllegalArgumentException e) {
      problems.accept("the file '" + name + "' cannot be read: " + e.getMessage());
    }
    return reference;
  }

  /// A path as it is written; `~` is the user's home.
  static Path expand(String name, Path folder) {
    return name.startsWith("~/")
        ? Path.of(System.getProperty("user.home")).resolve(name.substring(2))
        : folder.resolve(name);
  }

  static String withoutLineEnd(String text) {
    String trimmed = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return trimmed.endsWith("\r") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
  }
}
