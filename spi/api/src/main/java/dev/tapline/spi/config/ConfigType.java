package dev.tapline.spi.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The types that a [ConfigKey] can have, and what of a descriptor they accept.
///
/// The constants serve everyone who writes about keys: `plugins describe`, the reference, the JSON
/// Schema for editors.
public enum ConfigType {
  /// Any text; numbers and booleans are taken as they are written.
  STRING("text", String.class),
  /// A whole number.
  INTEGER("integer", Long.class),
  /// `true` or `false`.
  BOOLEAN("boolean", Boolean.class),
  /// One of a few words.
  CHOICE("choice", Enum.class),
  /// An amount of bytes: a number, or one with the unit `KB`, `MB` or `GB` (powers of 1024).
  SIZE("size", Long.class),
  /// A span of time: a number with the unit `ms`, `s`, `m`, `h` or `d`.
  DURATION("duration", Duration.class),
  /// A file or folder, relative to the descriptor's folder; `~` is the user's home.
  PATH("path", Path.class),
  /// A file or folder as with [#PATH], or an address with a scheme: `s3://bucket/folder`.
  LOCATION("path or address", Location.class),
  /// Text that is never shown.
  SECRET("secret", Secret.class),
  /// A list of texts; a single text is a list of one.
  STRINGS("list of text", List.class),
  /// Free names with a text each.
  MAP("map of text", java.util.Map.class),
  /// A section with keys of its own.
  SECTION("section", Config.class),
  /// A list of such sections.
  SECTIONS("list of sections", List.class);

  private final String label;
  private final Class<?> valueClass;

  ConfigType(String label, Class<?> valueClass) {
    this.label = label;
    this.valueClass = valueClass;
  }

  /// The type's name for people.
  public String label() {
    return label;
  }

  /// The class of the values in a [Config].
  public Class<?> valueClass() {
    return valueClass;
  }
}
