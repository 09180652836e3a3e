package dev.tapline.source.postgres.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.connection.Address;
import dev.tapline.source.postgres.connection.Endpoint;
import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.source.postgres.connection.TargetSession;
import dev.tapline.source.postgres.connection.tls.SslMode;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What PostgreSQL's own programs understand, and in which order.
class ConnectionStringsTest {
  @TempDir Path home;

  private final List<String> problems = new ArrayList<>();
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void noServiceFileOfTheSystem() {
    environment = Map.of("PGSYSCONFDIR", home.toString());
  }

  private PostgresSourceConfig read(Map<String, ?> values) {
    return PostgresSourceConfig.read(
        Config.of(PostgresSourceOptions.SPEC, values),
        new Environment(environment, home),
        problem -> problems.add(problem.message()));
  }

  private Endpoint endpoint(Map<String, ?> values) {
    Endpoint endpoint = read(values).connection().endpoint();
    assertThat(problems).isEmpty();
    return endpoint;
  }

  private List<String> problems(Map<String, ?> values) {
    read(values);
    return problems;
  }

  private void environment(String... namesAndValues) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    environment = all;
  }

  private void passFile(String permissions, String... lines) throws IOException {
    Path file = Files.write(home.resolve(".pgpass"), List.of(lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static Optional<String> password(Endpoint endpoint, String database) {
    return endpoint
        .passwords()
        .find(endpoint.addresses().getFirst(), database, endpoint.user())
        .map(Secret::reveal);
  }

  @Test
  void aUrlWithSeveralHostsAndParameters() {
    PostgresSourceConfig settings =
        read(
            Map.of(
                "url",
                "postgresql://ann%40x:p%3As%2Bs+@a,b:5433,[::1]:5434/my%20db"
                    + "?target_session_attrs=prefer-standby&sslmode=require&connect_timeout=7"
                    + "&application_name=x&keepalives=1&options=-c%20geqo%3Doff"));

    assertThat(problems).isEmpty();
    Endpoint endpoint = settings.connection().endpoint();
    assertThat(endpoint.addresses())
        .containsExactly(new Address("a", 5432), new Address("b", 5433), new Address("::1", 5434));
    assertThat(endpoint.address()).isEqualTo("a:5432,b:5433,[::1]:5434");
    assertThat(endpoint.target()).isEqualTo(TargetSession.PREFER_STANDBY);
    assertThat(endpoint.user()).isEqualTo("ann@x");
    assertThat(endpoint.database()).isEqualTo("my db");
    assertThat(password(endpoint, "my db")).contains("p:s+s+");
    assertThat(endpoint.tls().mode()).isEqualTo(SslMode.REQUIRE);
    assertThat(endpoint.options()).isEqualTo("-c geqo=off");
    assertThat(settings.connection().connectTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.connection().applicationName()).isEqualTo("x");
  }

  @Test
  void aUrlThatNamesTheHostInItsParameters() {
    Endpoint endpoint = endpoint(Map.of("url", "postgres:///shop?host=h1,h2&port=6000&user=u"));

    assertThat(endpoint.address()).isEqualTo("h1:6000,h2:6000");
    assertThat(endpoint.database()).isEqualTo("shop");
    assertThat(endpoint.user()).isEqualTo("u");
  }

  @Test
  void theEnvironmentSaysWhatTheDescriptorDoesNot() {
    environment(
        "PGHOST",
        "env-host",
        "PGPORT",
        "6543",
        "PGDATABASE",
        "env_db",
        "PGUSER",
        "env_user",
        "PGPASSWORD",
        "env-secret",
        "PGSSLMODE",
        "disable",
        "PGCONNECT_TIMEOUT",
        "3",
        "PGAPPNAME",
        "env-app");

    PostgresSourceConfig settings = read(Map.of("database", "shop"));
    assertThat(problems).isEmpty();
    assertThat(settings.connection().endpoint().address()).isEqualTo("env-host:6543");
    assertThat(settings.connection().endpoint().database()).isEqualTo("shop");
    assertThat(settings.connection().endpoint().user()).isEqualTo("env_user");
    assertThat(settings.connection().endpoint().tls().mode()).isEqualTo(SslMode.DISABLE);
    assertThat(password(settings.connection().endpoint(), "shop")).contains("env-secret");
    assertThat(settings.connection().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.connection().applicationName()).isEqualTo("env-app");

    assertThat(endpoint(Map.of("url", "postgresql://h:1/d")).address()).isEqualTo("h:1");
  }

  @Test
  void aHostThatBeginsWithASlashIsTheFolderOfAUnixSocket() {
    String file = "/run/pg/.s.PGSQL.6000";

    assertThat(endpoint(Map.of("host", "/run/pg", "port", 6000L)).address()).isEqualTo(file);
    assertThat(endpoint(Map.of("url", "postgresql:///d?host=/run/pg&port=6000")).address())
        .isEqualTo(file);
    assertThat(endpoint(Map.of("url", "postgresql://%2Frun%2Fpg:6000/d")).address())
        .isEqualTo(file);
    assertThat(endpoint(Map.of("url", "host=/run/pg,db port=6000")).address())
        .isEqualTo(file + ",db:6000");
    environment("PGHOST", "/run/pg", "PGPORT", "6000");
    assertThat(endpoint(Map.of()).address()).isEqualTo(file);
  }

  @Test
  void aUnixSocketIsNotReachedThroughSsh() {
    assertThat(problems(Map.of("host", "/run/pg", "ssh", Map.of("host", "bastion", "user", "u"))))
        .singleElement()
        .asString()
        .contains("not reached through SSH");
  }

  @Test
  void aPasswordFileCallsTheUsualUnixSocketLocalhost() throws Exception {
    passFile("rw-------", "localhost:5432:shop:ann:usual", "/srv/pg:5432:shop:ann:other");

    Map<String, String> ann = Map.of("user", "ann", "host", "/var/run/postgresql");
    assertThat(password(endpoint(ann), "shop")).contains("usual");
    assertThat(password(endpoint(Map.of("user", "ann", "host", "/srv/pg")), "shop"))
        .contains("other");
  }

  @Test
  void wordsAndValuesAreAnotherFormOfAUrl() {
    PostgresSourceConfig settings =
        read(
            Map.of(
                "url",
                " host=db port = 6000 dbname='the shop' user=ann password='it\\'s 100% \\\\'"
                    + " sslmode=disable connect_timeout=3 options=''"));

    assertThat(problems).isEmpty();
    assertThat(settings.connection().endpoint().address()).isEqualTo("db:6000");
    assertThat(settings.connection().endpoint().database()).isEqualTo("the shop");
    assertThat(settings.connection().endpoint().user()).isEqualTo("ann");
    assertThat(settings.connection().endpoint().tls().mode()).isEqualTo(SslMode.DISABLE);
    assertThat(settings.connection().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(password(settings.connection().endpoint(), "the shop")).contains("it's 100% \\");
  }

  @Test
  void whatIsWrongWithWordsAndValuesIsSaidWithoutRepeatingThem() {
    assertThat(problems(Map.of("url", "host=db password='secret")))
        .singleElement()
        .asString()
        .contains("malformed", "single quotes")
        .doesNotContain("secret");
    problems.clear();
    assertThat(problems(Map.of("url", "host=db dbnam=shop")))
        .containsExactly("the url's parameter 'dbnam' is unknown; did you mean 'dbname'?");
    problems.clear();
    assertThat(problems(Map.of("url", "host=db keepalives_count=128")))
        .singleElement()
        .asString()
        .contains("'128' is not a whole number of at most 127");
  }

  @Test
  void anAddressInTheEnvironmentDoesNotOverruleAHostInTheDescriptor() {
    environment("PGHOSTADDR", "10.0.0.1");

    assertThat(endpoint(Map.of("host", "db")).address()).isEqualTo("db:5432");
    assertThat(endpoint(Map.of()).address()).isEqualTo("10.0.0.1:5432");
  }

  @Test
  void whatIsWrongInTheEnvironmentIsCalledByItsName() {
    environment("PGHOST", "db:5433", "PGPORT", "many", "PGSSLMODE", "requier");

    assertThat(problems(Map.of()))
        .containsExactlyInAnyOrder(
            "host 'db:5433' holds a port; write host: db and port: 5433",
            "PGPORT 'many' is not a number from 1 to 65535",
            "PGSSLMODE 'requier' is none of disable, allow, prefer, require, verify-ca, verify-full;"
                + " did you mean 'require'?");
  }

  @Test
  void aServiceStandsBetweenTheDescriptorAndTheEnvironment() throws Exception {
    Files.writeString(
        home.resolve(".pg_service.conf"),
        """
        # mine
        [shop]
        host = service-host
        port=7000
        user=service_user
        dbname=service_db

        [other]
        host=o
        """);
    environment("PGUSER", "env_user", "PGPASSWORD", "env-secret");

    Endpoint endpoint = endpoint(Map.of("service", "shop", "port", 7001));
    assertThat(endpoint.address()).isEqualTo("service-host:7001");
    assertThat(endpoint.user()).isEqualTo("service_user");
    assertThat(endpoint.database()).isEqualTo("service_db");
    assertThat(password(endpoint, "service_db")).contains("env-secret");

    environment("PGSERVICE", "other");
    assertThat(endpoint(Map.of()).address()).isEqualTo("o:5432");
    assertThat(endpoint(Map.of("url", "postgresql://?service=shop")).address())
        .isEqualTo("service-host:7000");
  }

  @Test
  void saysWhatIsWrongWithAService() throws Exception {
    assertThat(problems(Map.of("service", "shop")))
        .containsExactly(
            "there is no service 'shop' (of 'service') in %s, which is not there"
                .formatted(home.resolve(".pg_service.conf")));
    problems.clear();
    Path file = Files.writeString(home.resolve("services"), "[shop]\nhots=x\nservice=y\n");
    environment("PGSERVICEFILE", file.toString());
    assertThat(problems(Map.of("service", "shop")))
        .containsExactly(
            "the service 'shop' in %s has the parameter 'hots', which is unknown; did you mean 'host'?"
                .formatted(file),
            "the service 'shop' in %s names another service; write its parameters out"
                .formatted(file));
    problems.clear();
    assertThat(problems(Map.of("service", "shpo")))
        .singleElement()
        .asString()
        .endsWith("did you mean 'shop'?");
  }

  @Test
  void thePasswordOfTheFirstLineThatMatches() throws Exception {
    passFile(
        "rw-------",
        "# comment",
        "other:*:*:*:wrong",
        "db:5432:sh\\:op:ann:with\\\\colons:and\\:more",
        "*:*:*:ann:usual");
    Endpoint endpoint = endpoint(Map.of("host", "db", "user", "ann"));

    assertThat(password(endpoint, "sh:op")).contains("with\\colons:and:more");
    assertThat(password(endpoint, "crm")).contains("usual");
    assertThat(password(endpoint(Map.of("host", "db", "user", "bob")), "crm")).isEmpty();
    assertThat(password(endpoint(Map.of("host", "db", "user", "ann", "password", "given")), "crm"))
        .contains("given");
  }

  @Test
  void aPasswordFileThatOthersCanReadIsNotUsedAndTheReasonIsKept() throws Exception {
    passFile("rw-r--r--", "*:*:*:*:open");
    Endpoint endpoint = endpoint(Map.of("user", "ann"));

    assertThat(password(endpoint, "x")).isEmpty();
    assertThat(endpoint.passwords().file().problem())
        .isEqualTo(
            "the passwords in %1$s are not used, as others can read the file: chmod 600 %1$s"
                .formatted(home.resolve(".pgpass")));
  }

  @Test
  void aPasswordFileOfAnotherName() throws Exception {
    Path file = Files.writeString(home.resolve("secret"), "*:*:*:*:elsewhere\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    environment("PGPASSFILE", file.toString());

    assertThat(password(endpoint(Map.of("user", "ann")), "x")).contains("elsewhere");
  }

  @Test
  void verificationNeedsAuthorities() throws Exception {
    assertThat(problems(Map.of("sslmode", "verify-full")))
        .singleElement()
        .asString()
        .contains("needs the certificates to verify by; set sslrootcert");
    problems.clear();
    Files.createDirectories(home.resolve(".postgresql"));
    Path root = Files.writeString(home.resolve(".postgresql/root.crt"), "x");
    assertThat(endpoint(Map.of("sslmode", "verify-full")).tls().authorities()).contains(root);
    assertThat(endpoint(Map.of("sslmode", "require")).tls().verifies()).isTrue();
    assertThat(endpoint(Map.of("sslrootcert", "system")).tls())
        .matches(tls -> tls.systemAuthorities() && tls.mode() == SslMode.VERIFY_FULL);
    assertThat(problems(Map.of("sslrootcert", "system", "sslmode", "require")))
        .singleElement()
        .asString()
        .contains("needs sslmode verify-full");
  }

  @Test
  void whatCannotBeHonouredIsRefusedAndNotPassedOver() {
    environment("PGSSLCRL", "/revoked.pem");
    assertThat(problems(Map.of("host", "a,b:1", "target-session-attrs", "primary")))
        .containsExactlyInAnyOrder(
            "PGSSLCRL: revocation lists are not supported; leave it out",
            "host 'b:1' holds a port; write host: b and port: 1");
    problems.clear();
    environment("PGSSLCRL", "");
    assertThat(problems(Map.of("url", "postgresql://a,b/?port=1,2,3")))
        .containsExactly(
            "the url's port names 3 ports for 2 hosts; give one for all, or one for each");
    problems.clear();
    assertThat(problems(Map.of("url", "postgresql://a/b?gssencmode=require")))
        .singleElement()
        .asString()
        .contains("encryption by GSSAPI is not supported");
  }

  @Test
  void whatIsWrongInTheSectionOfSshIsSaidWithItsPath() {
    List<ConfigProblem> found = new ArrayList<>();
    Map<String, Object> jump = Map.of("host", "ops@bastion", "passphrase", "x");
    PostgresSourceConfig.read(
        Config.of(PostgresSourceOptions.SPEC, Map.of("ssh", Map.of("host", "db:22", "jump", jump))),
        new Environment(Map.of(), home),
        found::add);

    assertThat(found)
        .containsExactly(
            new ConfigProblem(
                List.of("ssh", "jump", "host"),
                "ssh: host 'ops@bastion' holds a user; write user: ops and host: bastion"),
            new ConfigProblem(
                List.of("ssh", "jump", "passphrase"),
                "ssh: 'passphrase' belongs to a 'private-key', which is missing"),
            new ConfigProblem(
                List.of("ssh", "host"),
                "ssh: host 'db:22' holds a port; write host: db and port: 22"));
  }
}
