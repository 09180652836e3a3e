package dev.tapline.spi.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A key that a section of a descriptor may hold: name, type, default, and what it means.
///
/// Keys are constants of the plug-in that declares them, and are what its code reads values by:
///
/// ```java
/// static final ConfigKey<Path> PATH = ConfigKey.path("path").required().doc("Folder to write to.");
/// ...
/// Path folder = config.get(PATH);
/// ```
///
/// Immutable: each method returns another key.
///
/// @param <T> class of the values
public final class ConfigKey<T> {
  private static final long MOST_BYTES = 1L << 50;
  private static final Duration LONGEST = Duration.ofDays(365);

  private final String name;
  private final ConfigType type;
  private final @Nullable T defaultValue;
  private final boolean required;
  private final String doc;
  private final long minimum;
  private final long maximum;
  private final List<String> choices;
  private final @Nullable Class<?> choiceClass;
  private final @Nullable ConfigSpec section;
  private final List<String> otherNames;

  private ConfigKey(Draft<T> draft) {
    this.name = draft.name;
    this.type = draft.type;
    this.defaultValue = draft.defaultValue;
    this.required = draft.required;
    this.doc = draft.doc;
    this.minimum = draft.minimum;
    this.maximum = draft.maximum;
    this.choices = draft.choices;
    this.choiceClass = draft.choiceClass;
    this.section = draft.section;
    this.otherNames = draft.otherNames;
  }

  /// A key whose values are [ConfigType#STRING].
  public static ConfigKey<String> string(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.STRING));
  }

  /// A key whose values are [ConfigType#INTEGER], not negative unless [#range] says so.
  public static ConfigKey<Long> integer(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.INTEGER));
  }

  /// A key whose values are [ConfigType#BOOLEAN].
  public static ConfigKey<Boolean> bool(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.BOOLEAN));
  }

  /// A key whose values are [ConfigType#SIZE], in bytes: 1024TB at the most, so that sums of them
  /// can be counted.
  public static ConfigKey<Long> size(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.SIZE));
  }

  /// A key whose values are [ConfigType#DURATION], of a year at the most unless [#between] says so.
  public static ConfigKey<Duration> duration(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.DURATION));
  }

  /// A key whose values are [ConfigType#PATH], absolute in a [Config].
  public static ConfigKey<Path> path(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.PATH));
  }

  /// A key whose values are [ConfigType#LOCATION].
  public static ConfigKey<Location> location(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.LOCATION));
  }

  /// A key whose values are [ConfigType#SECRET].
  public static ConfigKey<Secret> secret(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.SECRET));
  }

  /// A key whose values are [ConfigType#STRINGS].
  public static ConfigKey<List<String>> strings(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.STRINGS));
  }

  /// A key whose values are [ConfigType#MAP].
  public static ConfigKey<Map<String, String>> map(String name) {
    return new ConfigKey<>(new Draft<>(name, ConfigType.MAP));
  }

  /// A key whose values are [ConfigType#CHOICE]: the constants of an enum, written in lower case
  /// with hyphens.
  public static <E extends Enum<E>> ConfigKey<E> choice(String name, Class<E> constants) {
    Draft<E> draft = new Draft<>(name, ConfigType.CHOICE);
    draft.choiceClass = constants;
    draft.choices = Arrays.stream(constants.getEnumConstants()).map(ConfigKey::choiceName).toList();
    return new ConfigKey<>(draft);
  }

  /// A key whose value is a section with keys of its own.
  public static ConfigKey<Config> section(String name, ConfigSpec spec) {
    Draft<Config> draft = new Draft<>(name, ConfigType.SECTION);
    draft.section = spec;
    return new ConfigKey<>(draft);
  }

  /// A key whose value is a list of sections.
  public static ConfigKey<List<Config>> sections(String name, ConfigSpec spec) {
    Draft<List<Config>> draft = new Draft<>(name, ConfigType.SECTIONS);
    draft.section = spec;
    return new ConfigKey<>(draft);
  }

  /// The same key, which must be given.
  public ConfigKey<T> required() {
    return with(draft -> {
      draft.required = true;
      return draft;
    });
  }

  /// The same key with a value for when it is not given.
  public ConfigKey<T> withDefault(T value) {
    return with(draft -> {
      draft.defaultValue = value;
      return draft;
    });
  }

  /// The same key with its meaning, in a sentence or two of Markdown.
  public ConfigKey<T> doc(String text) {
    return with(draft -> {
      draft.doc = text;
      return draft;
    });
  }

  /// The same key with what other tools call it. Such a name is refused as any that is not known,
  /// and the message says which key it stands for.
  public ConfigKey<T> calledElsewhere(String... names) {
    return with(draft -> {
      draft.otherNames = List.of(names);
      return draft;
    });
  }

  /// The same key, for integers and sizes, with bounds that belong to the range.
  public ConfigKey<T> range(long lowest, long highest) {
    return with(draft -> {
      draft.minimum = lowest;
      draft.maximum = Math.min(highest, most(draft.type));
      return draft;
    });
  }

  /// The same key, for spans of time, with bounds that belong to the range.
  public ConfigKey<T> between(Duration shortest, Duration longest) {
    return with(draft -> {
      draft.minimum = shortest.toMillis();
      draft.maximum = longest.toMillis();
      return draft;
    });
  }

  private static long most(ConfigType type) {
    return switch (type) {
      case SIZE -> MOST_BYTES;
      case DURATION -> LONGEST.toMillis();
      default -> Long.MAX_VALUE;
    };
  }

  /// The name as it stands in a descriptor: lower case with hyphens.
  public String name() {
    return name;
  }

  /// The type of the values.
  public ConfigType type() {
    return type;
  }

  /// The value when the key is not given, if there is one.
  public Optional<T> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /// Whether the key must be given.
  public boolean isRequired() {
    return required;
  }

  /// Whether the values must never be shown.
  public boolean isSecret() {
    return type == ConfigType.SECRET;
  }

  /// What the key means.
  public String doc() {
    return doc;
  }

  /// The smallest integer or size allowed, or the shortest span of time in milliseconds.
  public long minimum() {
    return minimum;
  }

  /// The largest integer or size allowed, or the longest span of time in milliseconds.
  public long maximum() {
    return maximum;
  }

  /// The words of a choice, empty for every other type.
  public List<String> choices() {
    return choices;
  }

  /// What other tools call the key.
  public List<String> otherNames() {
    return otherNames;
  }

  /// The keys of a section or of each of its list, if this key is one.
  public Optional<ConfigSpec> section() {
    return Optional.ofNullable(section);
  }

  /// The default as it would be written in a descriptor; empty when there is none.
  public String defaultText() {
    return defaultValue == null ? "" : ConfigText.write(type, defaultValue);
  }

  @Override
  public String toString() {
    return name;
  }

  Object choice(String word) {
    if (choiceClass != null) {
      for (Object constant : choiceClass.getEnumConstants()) {
        if (choiceName((Enum<?>) constant).equals(word.toLowerCase(Locale.ROOT))) {
          return constant;
        }
      }
    }
    throw new IllegalArgumentException(
        "'" + word + "' is none of " + String.join(", ", choices) + Nearest.hint(word, choices));
  }

  static String choiceName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private ConfigKey<T> with(UnaryOperator<Draft<T>> change) {
    return new ConfigKey<>(change.apply(new Draft<>(this)));
  }

  private static final class Draft<T> {
    final String name;
    final ConfigType type;
    @Nullable T defaultValue;
    boolean required;
    String doc = "";
    long minimum;
    long maximum;
    List<String> choices = List.of();
    @Nullable Class<?> choiceClass;
    @Nullable ConfigSpec section;
    List<String> otherNames = List.of();

    Draft(String name, ConfigType type) {
      this.name = name;
      this.type = type;
      this.maximum = most(type);
    }

    Draft(ConfigKey<T> key) {
      this(key.name, key.type);
      defaultValue = key.defaultValue;
      required = key.required;
      doc = key.doc;
      minimum = key.minimum;
      maximum = key.maximum;
      choices = key.choices;
      choiceClass = key.choiceClass;
      section = key.section;
      otherNames = key.otherNames;
    }
  }
}
