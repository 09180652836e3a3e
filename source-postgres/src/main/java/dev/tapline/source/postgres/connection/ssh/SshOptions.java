package dev.tapline.source.postgres.connection.ssh;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The options of `source.ssh`, and what they mean together.
public final class SshOptions {
  private static final ConfigKey<String> HOST =
      ConfigKey.string("host").required().doc("Name or address of the SSH server.");
  private static final ConfigKey<Long> PORT =
      ConfigKey.integer("port").range(1, 65_535).withDefault(22L).doc("Port of the SSH server.");
  private static final ConfigKey<String> USER =
      ConfigKey.string("user").doc("Who logs in there; without it, the operating system's user.");
  private static final ConfigKey<Path> PRIVATE_KEY =
      ConfigKey.path("private-key")
          .doc(
              "File of the private key. Without it, and without `password`, the keys of the SSH"
                  + " agent are tried if there is one, else `~/.ssh/id_ed25519`, `id_ecdsa` and"
                  + " `id_rsa`.");
  private static final ConfigKey<Secret> PASSPHRASE =
      ConfigKey.secret("passphrase").doc("What the private key is encrypted with.");
  private static final ConfigKey<Secret> PASSWORD =
      ConfigKey.secret("password")
          .doc("The user's password; given beside `private-key`, both are tried.");
  private static final ConfigKey<Boolean> AGENT =
      ConfigKey.bool("agent")
          .withDefault(false)
          .doc("Whether to use the keys of the SSH agent that `SSH_AUTH_SOCK` names.");
  private static final ConfigKey<Path> KNOWN_HOSTS =
      ConfigKey.path("known-hosts")
          .doc("File with the host keys that are trusted; without it, `~/.ssh/known_hosts`.");
  private static final ConfigKey<SshConfig.HostKeyPolicy> HOST_KEY =
      ConfigKey.choice("host-key", SshConfig.HostKeyPolicy.class)
          .withDefault(SshConfig.HostKeyPolicy.STRICT)
          .doc(
              "Which host keys are trusted: `strict`, those in `known-hosts`; `accept-new`, also that"
                  + " of a server that stands there with no key at all, which is then added. A"
                  + " changed key is always refused.");
  private static final ConfigKey<Duration> KEEP_ALIVE =
      ConfigKey.duration("keep-alive")
          .between(Duration.ZERO, Duration.ofDays(1))
          .withDefault(Duration.ofSeconds(15))
          .doc(
              "After how long a silence the server is asked for a sign of life; after three without"
                  + " an answer the connection is given up and made anew.");
  private static final ConfigSpec HOP =
      ConfigSpec.of(HOST, PORT, USER, PRIVATE_KEY, PASSPHRASE, PASSWORD, AGENT);
  private static final ConfigKey<Config> JUMP =
      ConfigKey.section("jump", HOP)
          .doc("A first SSH server, through which the one above is reached.");

  private static final ConfigKey<List<Config>> JUMPS =
      ConfigKey.sections("jumps", HOP)
          .doc(
              "Several of them instead of `jump`, in the order in which they are passed: the first is"
                  + " reached directly.");

  /// All of them.
  public static final ConfigSpec SPEC =
      ConfigSpec.of(
          HOST,
          PORT,
          USER,
          PRIVATE_KEY,
          PASSPHRASE,
          PASSWORD,
          AGENT,
          KNOWN_HOSTS,
          HOST_KEY,
          KEEP_ALIVE,
          JUMP,
          JUMPS);

  private static final Pattern HOST_AND_PORT = Pattern.compile("([^:/]+):(\\d+)");
  private static final Pattern USER_AND_HOST = Pattern.compile("([^@/]+)@(.+)");

  private final String section;
  private final Consumer<ConfigProblem> problems;

  private SshOptions(String section, Consumer<ConfigProblem> problems) {
    this.section = section;
    this.problems = problems;
  }

  /// Reads the options.
  ///
  /// @param section the name of its key
  /// @param connectTimeout how long to wait for a server
  /// @param problems receives every problem; the result must not be used if there is one
  public static SshConfig read(
      String section,
      Config config,
      Duration connectTimeout,
      Path home,
      Consumer<ConfigProblem> problems) {
    SshOptions keys = new SshOptions(section, problems);
    List<SshConfig.Hop> hops = new ArrayList<>();
    List<Config> jumps = config.find(JUMPS).orElse(List.of());
    if (config.has(JUMP) && !jumps.isEmpty()) {
      keys.problem(
          List.of(section), JUMPS, "'jump' and 'jumps' exclude each other; put all into 'jumps'");
    }
    for (int i = 0; i < jumps.size(); i++) {
      hops.add(keys.hop(jumps.get(i), List.of(section, JUMPS.name(), String.valueOf(i))));
    }
    config.find(JUMP).ifPresent(jump -> hops.add(keys.hop(jump, List.of(section, JUMP.name()))));
    hops.add(keys.hop(config, List.of(section)));
    return new SshConfig(
        hops,
        config.find(KNOWN_HOSTS).orElse(home.resolve(".ssh/known_hosts")),
        config.get(HOST_KEY),
        config.get(KEEP_ALIVE),
        connectTimeout);
  }

  private SshConfig.Hop hop(Config config, List<String> path) {
    String host = config.get(HOST);
    Matcher port = HOST_AND_PORT.matcher(host);
    Matcher user = USER_AND_HOST.matcher(host);
    if (user.matches()) {
      problem(
          path,
          HOST,
          "host '%s' holds a user; write user: %s and host: %s"
              .formatted(host, user.group(1), user.group(2)));
    } else if (port.matches()) {
      problem(
          path,
          HOST,
          "host '%s' holds a port; write host: %s and port: %s"
              .formatted(host, port.group(1), port.group(2)));
    }
    Optional<Path> key = config.find(PRIVATE_KEY);
    boolean agent = config.get(AGENT);
    if (agent && key.isPresent()) {
      problem(path, AGENT, "'agent' and 'private-key' exclude each other; keep one");
    }
    if (config.has(PASSPHRASE) && key.isEmpty()) {
      problem(path, PASSPHRASE, "'passphrase' belongs to a 'private-key', which is missing");
    }
    return new SshConfig.Hop(
        "source." + String.join(".", path),
        host,
        config.get(PORT).intValue(),
        config.find(USER).orElseGet(() -> System.getProperty("user.name", "root")),
        key,
        config.find(PASSPHRASE),
        config.find(PASSWORD),
        agent);
  }

  private void problem(List<String> path, ConfigKey<?> key, String message) {
    List<String> full = new ArrayList<>(path);
    full.add(key.name());
    problems.accept(new ConfigProblem(full, section + ": " + message));
  }
}
