package dev.tapline.source.postgres.testing;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A pooler of transactions in front of a [TestServer], as PgBouncer is with `pool_mode =
/// transaction`: it lends one of a few connections of the server for each transaction, always the
/// one that was longest without use, and leaves the settings of the session as it finds them,
/// except for those that the protocol reports and a client has asked for at its start.
///
/// Parameters of the start that it does not know it refuses in PgBouncer's words, unless they are
/// to be ignored (`ignore_startup_parameters`).
public final class TransactionPooler implements Closeable {
  private static final int PROTOCOL = 196_608;
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;
  private static final Set<String> TRACKED =
      Set.of(
          "client_encoding",
          "DateStyle",
          "TimeZone",
          "standard_conforming_strings",
          "application_name");

  private final TestServer server;
  private final Set<String> ignored;
  private final ServerSocket listener;
  private final List<Closeable> open = new ArrayList<>();
  private final Map<String, Pool> pools = new LinkedHashMap<>();
  private final int size;

  private TransactionPooler(TestServer server, int size, Set<String> ignored) throws IOException {
    this.server = server;
    this.size = size;
    this.ignored = ignored;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /// Starts one.
  ///
  /// @param size how many connections it has with the server for each user of each database
  /// @param ignored parameters of the start that it takes and forgets
  public static TransactionPooler start(TestServer server, int size, String... ignored) {
    try {
      TransactionPooler pooler = new TransactionPooler(server, size, Set.of(ignored));
      Thread.ofVirtual().name("pooler").start(pooler::accept);
      return pooler;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The URL of a database, for the source's `url`.
  public String url(String database, String user) {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(user, listener.getLocalPort(), database);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = remember(listener.accept());
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().name("pooled-client").start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private synchronized <T extends Closeable> T remember(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      Map<String, String> parameters = begin(in, socket.getOutputStream());
      if (parameters.isEmpty()) {
        return;
      }
      new Client(socket, pool(parameters), parameters).serve(in);
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private Map<String, String> begin(DataInputStream in, OutputStream out) throws IOException {
    while (true) {
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      ByteBuffer start = ByteBuffer.wrap(body);
      switch (start.getInt()) {
        case SSL_REQUEST, GSS_REQUEST -> out.write('N');
        case CANCEL_REQUEST -> {
          return Map.of();
        }
        case PROTOCOL -> {
          return parameters(start, out);
        }
        default -> throw new IOException("not the protocol");
      }
    }
  }

  private Map<String, String> parameters(ByteBuffer start, OutputStream out) throws IOException {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name = text(start); !name.isEmpty(); name = text(start)) {
      parameters.put(name, text(start));
    }
    for (String name : parameters.keySet()) {
      if (!TRACKED.contains(name)
          && !Set.of("user", "database").contains(name)
          && !ignored.contains(name)) {
        out.write(
            message(
                'E',
                "SFATAL\0C08P01\0Munsupported startup parameter: %s\0\0"
                    .formatted(name)
                    .getBytes(StandardCharsets.UTF_8)));
        return Map.of();
      }
    }
    return parameters;
  }

  private static String text(ByteBuffer buffer) {
    int from = buffer.position();
    while (buffer.get() != 0) {
      // On to the end of the text.
    }
    return new String(buffer.array(), from, buffer.position() - from - 1, StandardCharsets.UTF_8);
  }

  private static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  private synchronized Pool pool(Map<String, String> parameters) throws IOException {
    String user = parameters.getOrDefault("user", "");
    String database = parameters.getOrDefault("database", user);
    @Nullable Pool known = pools.get(user + "@" + database);
    if (known == null) {
      known = new Pool(user, database);
      pools.put(user + "@" + database, known);
    }
    return known;
  }

  /// The connections of a user with a database.
  private final class Pool {
    private final Deque<Backend> idle = new ArrayDeque<>();
    private final Map<String, String> reported = new TreeMap<>();

    private final String user;
    private final String database;

    Pool(String user, String database) throws IOException {
      this.user = user;
      this.database = database;
      for (int i = 0; i < size; i++) {
        Backend backend = new Backend(this, user, database);
        reported.putAll(backend.reported);
        idle.add(backend);
      }
    }

    synchronized Backend take() throws IOException {
      try {
        while (idle.isEmpty()) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return idle.removeFirst();
    }

    void replace() throws IOException {
      giveBack(new Backend(this, user, database));
    }

    synchronized void giveBack(Backend backend) {
      idle.addLast(backend);
      notifyAll();
    }
  }

  /// A message with its type and length in front.
  private static byte[] read(DataInputStream in) throws IOException {
    int type = in.read();
    if (type < 0) {
      throw new EOFException();
    }
    int length = in.readInt();
    byte[] message = ByteBuffer.allocate(1 + length).put((byte) type).putInt(length).array();
    in.readFully(message, 5, length - 4);
    return message;
  }

  /// A connection with the server.
  private final class Backend {
    private final Pool pool;
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<String, String> reported = new TreeMap<>();
    private @Nullable Client client;

    Backend(Pool pool, String user, String database) throws IOException {
      this.pool = pool;
      Socket socket = remember(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      byte[] parameters =
          "user\0%s\0database\0%s\0client_encoding\0UTF8\0\0"
              .formatted(user, database)
              .getBytes(StandardCharsets.UTF_8);
      out.write(
          ByteBuffer.allocate(8 + parameters.length)
              .putInt(8 + parameters.length)
              .putInt(PROTOCOL)
              .put(parameters)
              .array());
      untilReady();
      Thread.ofVirtual().name("pooled-server").start(this::pump);
    }

    private void untilReady() throws IOException {
      while (true) {
        byte[] message = TransactionPooler.read(in);
        note(message);
        if (message[0] == 'E') {
          throw new IOException(new String(message, StandardCharsets.UTF_8));
        } else if (message[0] == 'Z') {
          return;
        }
      }
    }

    private void note(byte[] message) {
      if (message[0] == 'S') {
        ByteBuffer body = ByteBuffer.wrap(message).position(5);
        reported.put(text(body), text(body));
      }
    }

    // What the client has asked for at its start, as PgBouncer sees to it.
    synchronized void lendTo(Client borrower) throws IOException {
      StringBuilder settings = new StringBuilder();
      borrower.tracked.forEach((name, value) -> {
        if (!value.equals(reported.get(name))) {
          settings.append("SET %s = '%s';".formatted(name, value.replace("'", "''")));
        }
      });
      client = null;
      if (!settings.isEmpty()) {
        preparing = true;
        out.write(message('Q', (settings + "\0").getBytes(StandardCharsets.UTF_8)));
        try {
          while (preparing) {
            wait();
          }
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      client = borrower;
    }

    private boolean preparing;

    private void pump() {
      try {
        while (true) {
          byte[] message = TransactionPooler.read(in);
          note(message);
          @Nullable Client receiver;
          synchronized (this) {
            receiver = client;
            if (preparing && message[0] == 'Z') {
              preparing = false;
              notifyAll();
            }
          }
          if (receiver != null && receiver.receive(message)) {
            pool.giveBack(this);
          }
        }
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  /// A connection of a client.
  private static final class Client {
    private final OutputStream out;
    private final Pool pool;
    private final Map<String, String> tracked = new TreeMap<>();
    private @Nullable Backend backend;
    private int unanswered;

    Client(Socket socket, Pool pool, Map<String, String> parameters) throws IOException {
      this.out = socket.getOutputStream();
      this.pool = pool;
      parameters.forEach((name, value) -> {
        if (TRACKED.contains(name)) {
          tracked.put(name, value);
        }
      });
    }

    void serve(DataInputStream in) throws IOException {
      greet();
      try {
        while (true) {
          byte[] message = TransactionPooler.read(in);
          if (message[0] == 'X') {
            return;
          }
          send(message);
        }
      } finally {
        leave();
      }
    }

    private void greet() throws IOException {
      out.write(message('R', new byte[4]));
      Map<String, String> all = new TreeMap<>(pool.reported);
      all.putAll(tracked);
      for (Map.Entry<String, String> entry : all.entrySet()) {
        out.write(
            message(
                'S',
                (entry.getKey() + "\0" + entry.getValue() + "\0")
                    .getBytes(StandardCharsets.UTF_8)));
      }
      byte[] key = new byte[8];
      new SecureRandom().nextBytes(key);
      out.write(message('K', key));
      out.write(message('Z', new byte[] {'I'}));
    }

    private void send(byte[] message) throws IOException {
      @Nullable Backend lent;
      synchronized (this) {
        lent = backend;
      }
      if (lent == null) {
        lent = pool.take();
        lent.lendTo(this);
        synchronized (this) {
          backend = lent;
        }
      }
      synchronized (this) {
        if (message[0] == 'Q' || message[0] == 'S' || message[0] == 'F') {
          unanswered++;
        }
      }
      lent.out.write(message);
    }

    /// @return whether the transaction is over, and with it the use of the connection
    synchronized boolean receive(byte[] message) throws IOException {
      boolean over = false;
      if (message[0] == 'Z') {
        unanswered--;
        over = unanswered == 0 && message[5] == 'I';
        if (over) {
          backend = null;
        }
      } else if (message[0] == 'S') {
        ByteBuffer body = ByteBuffer.wrap(message).position(5);
        String name = text(body);
        if (TRACKED.contains(name)) {
          tracked.put(name, text(body));
        }
      }
      try {
        out.write(message);
      } catch (IOException e) {
        // The client is gone; its transaction is ended where it is noticed.
      }
      return over;
    }

    // PgBouncer closes the connection in the middle of whose transaction a client has gone.
    private void leave() throws IOException {
      @Nullable Backend lent;
      synchronized (this) {
        lent = backend;
      }
      if (lent != null) {
        lent.out.write(message('X', new byte[0]));
        pool.replace();
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    listener.close();
    for (Closeable closeable : open) {
      closeable.close();
    }
  }
}
