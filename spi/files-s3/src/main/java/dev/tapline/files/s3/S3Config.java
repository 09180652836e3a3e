package dev.tapline.files.s3;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Location;
import dev.tapline.spi.config.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How to reach a store: its bucket, and the options of the section `s3`.
///
/// @param bucket the bucket
/// @param prefix the prefix of all keys, without a trailing slash; may be empty
/// @param options the options of the section
public record S3Config(String bucket, String prefix, Config options) {
  /// The scheme of addresses.
  public static final String SCHEME = "s3";

  private static final long MIN_PART_SIZE = 5L << 20;
  private static final long DEFAULT_PART_SIZE = 8L << 20;
  private static final long MAX_PART_SIZE = 512L << 20;

  static final ConfigKey<String> ENDPOINT =
      ConfigKey.string("endpoint")
          .doc("Address of a store other than Amazon's, as in `https://minio.example.com:9000`.");

  static final ConfigKey<String> REGION =
      ConfigKey.string("region")
          .doc(
              "The bucket's region; without it as `AWS_REGION` or the profile say, and `us-east-1` with an `endpoint`.");

  static final ConfigKey<Boolean> PATH_STYLE =
      ConfigKey.bool("path-style")
          .withDefault(false)
          .doc(
              "Whether the bucket is named in the path of requests and not in the host's name, as many stores want it.");

  static final ConfigKey<String> PROFILE =
      ConfigKey.string("profile")
          .doc(
              "Profile of `~/.aws/config`. Without it and without keys: environment, default profile, web identity,"
                  + " container's or instance's role, as all of Amazon's tools do.");

  static final ConfigKey<Secret> ACCESS_KEY =
      ConfigKey.secret("access-key").doc("Access key, with `secret-key`.");

  static final ConfigKey<Secret> SECRET_KEY =
      ConfigKey.secret("secret-key").doc("Secret key, with `access-key`.");

  static final ConfigKey<Long> PART_SIZE =
      ConfigKey.size("part-size")
          .range(MIN_PART_SIZE, MAX_PART_SIZE)
          .withDefault(DEFAULT_PART_SIZE)
          .doc(
              "Size of the parts in which files are uploaded; a file under way has up to two of them in memory.");

  private static final ConfigSpec SPEC =
      ConfigSpec.of(ENDPOINT, REGION, PATH_STYLE, PROFILE, ACCESS_KEY, SECRET_KEY, PART_SIZE);

  /// The section's option in a sink.
  public static final ConfigKey<Config> SECTION =
      ConfigKey.section("s3", SPEC).doc("How to reach the store, with `path: s3://...`.");

  /// Reads a sink's section.
  ///
  /// @param address an address with the scheme [#SCHEME]
  /// @param section the section, if it was given
  public static S3Config of(Location.Remote address, Optional<Config> section) {
    int slash = address.rest().indexOf('/');
    return new S3Config(
        slash < 0 ? address.rest() : address.rest().substring(0, slash),
        slash < 0 ? "" : address.rest().substring(slash + 1),
        section.orElseGet(() -> Config.of(SPEC, java.util.Map.of())));
  }

  /// Problems with options that do not fit together.
  ///
  /// @param path the option that holds the address
  public List<ConfigProblem> problems(ConfigKey<?> path) {
    List<ConfigProblem> problems = new ArrayList<>();
    if (bucket.isEmpty()) {
      problems.add(
          new ConfigProblem(path, "the address names no bucket; write s3://bucket/folder"));
    }
    if (prefix.startsWith("/") || prefix.contains("//")) {
      problems.add(
          new ConfigProblem(path, "'%s' has an empty folder; remove a slash".formatted(prefix)));
    }
    if (options.has(ACCESS_KEY) != options.has(SECRET_KEY)) {
      ConfigKey<?> given = options.has(ACCESS_KEY) ? ACCESS_KEY : SECRET_KEY;
      problems.add(
          problem(given, "'access-key' and 'secret-key' belong together; give both or neither"));
    }
    if (options.has(ACCESS_KEY) && options.has(PROFILE)) {
      problems.add(problem(PROFILE, "there are keys already; remove them or 'profile'"));
    }
    options
        .find(ENDPOINT)
        .filter(endpoint -> !isAddress(endpoint))
        .ifPresent(endpoint ->
            problems.add(
                problem(
                    ENDPOINT,
                    "'%s' is no address such as https://minio.example.com:9000"
                        .formatted(endpoint))));
    return problems;
  }

  /// The size of the parts of uploads.
  public int partSize() {
    return Math.toIntExact(options.get(PART_SIZE));
  }

  private static boolean isAddress(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ConfigProblem problem(ConfigKey<?> key, String message) {
    return new ConfigProblem(List.of(SECTION.name(), key.name()), message);
  }
}
