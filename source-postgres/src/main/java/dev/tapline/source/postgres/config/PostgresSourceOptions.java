package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.TargetSession;
import dev.tapline.source.postgres.connection.ssh.SshOptions;
import dev.tapline.source.postgres.connection.tls.ChannelBinding;
import dev.tapline.source.postgres.connection.tls.SslMode;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The options of `source: {type: postgres}`.
public final class PostgresSourceOptions {
  static final ConfigKey<Secret> URL =
      ConfigKey.secret("url")
          .calledElsewhere("uri", "dsn", "jdbc-url", "connection", "connection-string")
          .doc(
              "`postgresql://user:password@host:port/database?sslmode=require`, or libpq's `host=... dbname=...`, with several hosts and"
                  + " libpq's parameters if need be, in place of `host`, `port`, `database`, `user`,"
                  + " `password`, `service` and the keys of encryption.");
  static final ConfigKey<String> HOST =
      ConfigKey.string("host")
          .calledElsewhere("hostname", "server", "address")
          .withDefault("localhost")
          .doc(
              "Name or address of the server, or the folder of its Unix socket, as in `/var/run/postgresql`, or several, as in `a,b`, that are tried in turn. Without it, `PGHOST`; so it is with `PGPORT`, `PGDATABASE`, `PGUSER`, `PGPASSWORD`, `PGSSLMODE` and their like (see `docs/connections.md`).");
  static final ConfigKey<Long> PORT =
      ConfigKey.integer("port").range(1, 65_535).withDefault(5432L).doc("Port of the server.");
  static final ConfigKey<String> DATABASE =
      ConfigKey.string("database")
          .calledElsewhere("dbname", "db")
          .doc("The database; without it, the one named like the user.");
  static final ConfigKey<List<String>> DATABASES =
      ConfigKey.strings("databases")
          .doc(
              "Several databases, or `\"*\"` for every one that the user may connect to,"
                  + " templates excepted.");
  static final ConfigKey<String> USER =
      ConfigKey.string("user")
          .calledElsewhere("username", "login", "role")
          .doc("The role to log in as; without it, the operating system's user.");
  static final ConfigKey<Secret> PASSWORD =
      ConfigKey.secret("password")
          .calledElsewhere("pass", "pwd")
          .doc("The role's password; without it, `PGPASSWORD`, else that of `~/.pgpass`.");
  static final ConfigKey<String> SERVICE =
      ConfigKey.string("service")
          .doc("A section of `~/.pg_service.conf`, which says whatever is not said here.");
  static final ConfigKey<TargetSession> TARGET_SESSION_ATTRS =
      ConfigKey.choice("target-session-attrs", TargetSession.class)
          .doc(
              "Which of several hosts is wanted: `any`, `primary`, `standby`, `prefer-standby`,"
                  + " `read-write`, `read-only`. Without it, `any`.");
  static final ConfigKey<Config> SSH =
      ConfigKey.section("ssh", SshOptions.SPEC)
          .doc("The SSH server through which the database's server is reached.");
  static final ConfigKey<SslMode> SSLMODE =
      ConfigKey.choice("sslmode", SslMode.class)
          .calledElsewhere("ssl", "tls", "ssl-mode", "encryption")
          .withDefault(SslMode.PREFER)
          .doc(
              "How the connection is encrypted and the server verified, as libpq defines it;"
                  + " `verify-full` is the one that keeps everybody else out.");
  static final ConfigKey<Path> SSLROOTCERT =
      ConfigKey.path("sslrootcert")
          .doc(
              "File with the certificates (PEM) of the authorities that `verify-ca` and"
                  + " `verify-full` trust, or `system` for those of the Java platform. Without it,"
                  + " `~/.postgresql/root.crt`.");
  static final ConfigKey<Path> SSLCERT =
      ConfigKey.path("sslcert")
          .doc(
              "File with the client's certificate (PEM). Without it, `~/.postgresql/postgresql.crt` if"
                  + " it is there.");
  static final ConfigKey<Path> SSLKEY =
      ConfigKey.path("sslkey")
          .doc(
              "File with the certificate's private key (PKCS#8, PEM or DER), which nobody else may"
                  + " read. Without it, `~/.postgresql/postgresql.key` if it is there.");
  static final ConfigKey<Secret> SSLPASSWORD =
      ConfigKey.secret("sslpassword").doc("What that private key is encrypted with.");
  static final ConfigKey<ChannelBinding> CHANNEL_BINDING =
      ConfigKey.choice("channel-binding", ChannelBinding.class)
          .doc(
              "Whether the login proves that nobody stands between: `disable`, `prefer`, `require`."
                  + " Without it, `prefer`.");
  static final ConfigKey<String> APPLICATION_NAME =
      ConfigKey.string("application-name")
          .withDefault("tapline")
          .doc("What `pg_stat_activity` shows.");
  static final ConfigKey<Duration> CONNECT_TIMEOUT =
      ConfigKey.duration("connect-timeout")
          .withDefault(Duration.ofSeconds(10))
          .doc("How long to wait for a connection.");
  static final ConfigKey<Duration> STATEMENT_TIMEOUT =
      ConfigKey.duration("statement-timeout")
          // The server counts milliseconds in 31 bits.
          .between(Duration.ZERO, Duration.ofDays(24))
          .doc(
              "Ends a statement, the scan of one range included, that takes longer. Without it"
                  + " there is no limit, whatever the server's own setting says.");
  static final ConfigKey<Long> SPLIT_SIZE =
      ConfigKey.size("split-size")
          .range(1 << 20, Long.MAX_VALUE)
          .withDefault(64L << 20)
          .doc(
              "How much of a table one scan reads; larger tables are read in ranges, several at a"
                  + " time (PostgreSQL 14 and later).");
  static final ConfigKey<Boolean> PARTITIONS =
      ConfigKey.bool("partitions")
          .withDefault(false)
          .doc("Offers the partitions of a partitioned table as tables of their own, beside it.");

  static final ConfigKey<String> SLOT =
      ConfigKey.string("slot")
          .calledElsewhere("slot-name", "replication-slot", "slotname")
          .doc(
              "The replication slot that LOG_BASED streams are read from; without it,"
                  + " `tapline_<database>` in lower case, with `_` for what a slot's name cannot"
                  + " hold. A slot belongs to one database: with several, write `{database}` into"
                  + " the name, as in `stitch_{database}`.");
  static final ConfigKey<Boolean> CREATE_SLOT =
      ConfigKey.bool("create-slot")
          .withDefault(true)
          .doc("Creates the slot if it does not exist and no stream has been read from it yet.");
  static final ConfigKey<Boolean> FAILOVER =
      ConfigKey.bool("failover")
          .withDefault(false)
          .doc(
              "Creates the slot with failover, so that standbys get it too (PostgreSQL 17 and later).");
  static final ConfigKey<ReplicationConfig.Plugin> PLUGIN =
      ConfigKey.choice("plugin", ReplicationConfig.Plugin.class)
          .withDefault(ReplicationConfig.Plugin.AUTO)
          .doc(
              "The output plug-in of the slot. `auto`: that of the slot, if it exists; else"
                  + " `pgoutput` where the server has it (10 and later) and the user may make the"
                  + " publication or names one; else `wal2json`.");
  static final ConfigKey<String> FORMAT =
      ConfigKey.string("format")
          .withDefault("auto")
          .doc(
              "For `wal2json`: the format of its messages, `auto`, `1` or `2`. `auto` is `2`:"
                  + " format 1 does not tell of TRUNCATE.");
  static final ConfigKey<String> PUBLICATION =
      ConfigKey.string("publication")
          .doc(
              "For `pgoutput`: the publication to read; without it, one that is named like the"
                  + " slot.");
  static final ConfigKey<Boolean> CREATE_PUBLICATION =
      ConfigKey.bool("create-publication")
          .withDefault(true)
          .doc(
              "Creates the publication if it does not exist, and keeps one that it has created in step with the selected tables. A publication that somebody else has created is never changed.");
  static final ConfigKey<ReplicationConfig.RemovedPartitions> REMOVED_PARTITIONS =
      ConfigKey.choice("removed-partitions", ReplicationConfig.RemovedPartitions.class)
          .withDefault(ReplicationConfig.RemovedPartitions.COPY_ANEW)
          .doc(
              "What becomes of a LOG_BASED stream when a partition of its table is detached, dropped or"
                  + " truncated alone, since the log does not say which rows those were. `copy-anew`:"
                  + " the table is copied anew, without them. `keep`: the copy keeps them.");
  static final ConfigKey<Boolean> STREAMING =
      ConfigKey.bool("streaming")
          .withDefault(true)
          .doc(
              "For `pgoutput`, PostgreSQL 14 and later: reads the changes of large transactions while these are still open, and keeps them in files until they are committed.");
  static final ConfigKey<Path> SPOOL =
      ConfigKey.path("spool")
          .doc("The folder for those files; without it, the system's for temporary files.");
  static final ConfigKey<Duration> HEARTBEAT =
      ConfigKey.duration("heartbeat")
          .between(Duration.ofMillis(100), Duration.ofDays(1))
          .doc(
              "Writes a message into the server's log this often while a log is read, so that the"
                  + " slot moves even where nothing else is written to the database.");

  /// All of them.
  public static final ConfigSpec SPEC =
      ConfigSpec.of(
          HOST,
          PORT,
          DATABASE,
          DATABASES,
          USER,
          PASSWORD,
          URL,
          SERVICE,
          TARGET_SESSION_ATTRS,
          SSLMODE,
          SSLROOTCERT,
          SSLCERT,
          SSLKEY,
          SSLPASSWORD,
          CHANNEL_BINDING,
          SSH,
          APPLICATION_NAME,
          CONNECT_TIMEOUT,
          STATEMENT_TIMEOUT,
          SPLIT_SIZE,
          PARTITIONS,
          SLOT,
          CREATE_SLOT,
          FAILOVER,
          PLUGIN,
          FORMAT,
          PUBLICATION,
          CREATE_PUBLICATION,
          REMOVED_PARTITIONS,
          STREAMING,
          SPOOL,
          HEARTBEAT);

  private PostgresSourceOptions() {}
}
