package dev.tapline.runtime.descriptor;

import dev.tapline.runtime.logging.Secrets;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.ConfigType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the secrets of a descriptor and has them masked, before anything is said about it.
final class SecretValues {
  // The password of scheme://user:password@host, and of ...?password=...
  private static final List<Pattern> IN_URL =
      List.of(
          Pattern.compile("[a-zA-Z][a-zA-Z0-9+.:-]*://[^/@:\\s]*:([^/\\s]*)@"),
          Pattern.compile("://.*?[?&;](?:[a-z]*password|passphrase)=([^&;\\s]*)"));

  private SecretValues() {}

  /// Registers the values of secret keys, wherever they are, and passwords inside URLs.
  static void register(ConfigSpec spec, Map<?, ?> values) {
    for (ConfigKey<?> key : spec.keys()) {
      Object value = values.get(key.name());
      if (key.type() == ConfigType.SECRET && value instanceof String secret) {
        Secrets.add(secret);
      } else if (value != null && key.section().isPresent()) {
        registerSections(key.section().get(), value);
      }
    }
    values.values().forEach(SecretValues::registerUrls);
  }

  private static void registerSections(ConfigSpec spec, Object value) {
    if (value instanceof Map<?, ?> section) {
      register(spec, section);
    } else if (value instanceof List<?> list) {
      list.stream()
          .filter(Map.class::isInstance)
          .forEach(section -> register(spec, (Map<?, ?>) section));
    }
  }

  /// Registers passwords inside URLs.
  static void registerUrls(@Nullable Object value) {
    switch (value) {
      case String text -> IN_URL.forEach(pattern -> registerMatches(pattern.matcher(text)));
      case Map<?, ?> map -> map.values().forEach(SecretValues::registerUrls);
      case List<?> list -> list.forEach(SecretValues::registerUrls);
      case null, default -> {}
    }
  }

  private static void registerMatches(Matcher matcher) {
    while (matcher.find()) {
      Secrets.add(matcher.group(1));
      Secrets.add(decoded(matcher.group(1)));
    }
  }

  private static String decoded(String password) {
    try {
      return URLDecoder.decode(password, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A percent sign that escapes nothing: there is only the one form.
      return password;
    }
  }
}
