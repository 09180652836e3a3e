package dev.tapline.cli.descriptor;

import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.ConfigType;
import java.util.ArrayList;
import java.util.List;

/// A key with the sections it is in, as in `checkpoint.interval` or `streams[].table`, for lists of
/// keys that people read.
///
/// @param name the whole name
/// @param key the key
public record FlatKey(String name, ConfigKey<?> key) {

  /// The keys of a section, each section followed by what is in it.
  public static List<FlatKey> of(ConfigSpec spec) {
    List<FlatKey> all = new ArrayList<>();
    collect("", spec, all);
    return all;
  }

  /// The type in the words of a reader.
  public String type() {
    return key.type() == ConfigType.CHOICE ? String.join(" | ", key.choices()) : key.type().label();
  }

  /// What happens without the key: its default, or that it is required.
  public String otherwise() {
    if (key.isRequired()) {
      return "required";
    }
    // The defaults of a section are those of its keys.
    return key.section().isPresent() ? "" : key.defaultText();
  }

  private static void collect(String prefix, ConfigSpec spec, List<FlatKey> into) {
    for (ConfigKey<?> key : spec.keys()) {
      String name = prefix + key.name();
      into.add(new FlatKey(name, key));
      key.section()
          .ifPresent(section ->
              collect(name + (key.type() == ConfigType.SECTIONS ? "[]." : "."), section, into));
    }
  }
}
