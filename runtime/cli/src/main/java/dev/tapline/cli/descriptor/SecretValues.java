package dev.tapline.cli.descriptor;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.ConfigType;
import dev.tapline.spi.config.SecretText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the secrets of a descriptor and has them masked, before anything is said about it.
final class SecretValues {
  private SecretValues() {}

  /// Registers the values of secret keys and of drivers' properties of such names, wherever they
  /// are, and passwords inside URLs.
  static void register(ConfigSpec spec, Map<?, ?> values) {
    for (ConfigKey<?> key : spec.keys()) {
      Object value = values.get(key.name());
      if (key.type() == ConfigType.SECRET && value instanceof String secret) {
        Secrets.add(secret);
      } else if (key.type() == ConfigType.MAP && value instanceof Map<?, ?> map) {
        map.forEach((name, text) -> {
          if (SecretText.isSecret(String.valueOf(name), String.valueOf(text))) {
            Secrets.add(String.valueOf(text));
          }
        });
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
      case String text -> SecretText.secrets(text).forEach(Secrets::add);
      case Map<?, ?> map -> map.values().forEach(SecretValues::registerUrls);
      case List<?> list -> list.forEach(SecretValues::registerUrls);
      case null, default -> {}
    }
  }
}
