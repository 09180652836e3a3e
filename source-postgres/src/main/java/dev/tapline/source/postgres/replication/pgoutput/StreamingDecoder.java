package dev.tapline.source.postgres.replication.pgoutput;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.connection.Closer;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes protocol version 2 of `pgoutput`, in which changes of large transactions come before
/// these are committed. The changes are set aside without the numbers of their subtransactions, and
/// those that were rolled back are dropped. Once a transaction is committed, its messages are
/// decoded as if they came only then: the decoder below knows version 1 alone.
///
/// So descriptions of tables take effect with the transaction that they came in, as the server
/// assumes, and positions still lie between two transactions.
public final class StreamingDecoder implements LogDecoder {
  private static final int BEGIN_LENGTH = 21;
  private static final int COMMIT_LENGTH = 26;

  private final PgOutputDecoder decoder;
  private final ChangeRouter router;
  private final Path folder;
  private final int rowsAtOnce;
  private final int bytesAtOnce;
  private final Map<Integer, TransactionSpool> open = new HashMap<>();
  private @Nullable TransactionSpool receiving;
  private @Nullable TransactionSpool committed;
  private byte @Nullable [] again;

  /// @param folder for what is put by
  /// @param rowsAtOnce after how many rows of a transaction they are to be handed out
  /// @param bytesAtOnce after how many bytes of it they are
  /// @param encoding as for [PgOutputDecoder]
  public StreamingDecoder(
      ChangeRouter router, Path folder, int rowsAtOnce, int bytesAtOnce, Encoding encoding) {
    this.decoder = new PgOutputDecoder(router, encoding);
    this.router = router;
    this.folder = folder;
    this.rowsAtOnce = rowsAtOnce;
    this.bytesAtOnce = bytesAtOnce;
  }

  @Override
  public long end() {
    return decoder.end();
  }

  @Override
  public Outcome decode(byte[] message, int offset) throws IOException {
    byte kind = message[offset];
    ByteBuffer buffer = ByteBuffer.wrap(message);
    buffer.position(offset + 1);
    switch (kind) {
      case 'S' ->
          receiving = open.computeIfAbsent(buffer.getInt(), xid -> new TransactionSpool(folder));
      case 'E' -> receiving = null;
      case 'A' -> abort(buffer.getInt(), buffer.getInt());
      case 'c' -> {
        return commit(buffer);
      }
      default -> {
        @Nullable TransactionSpool spool = receiving;
        if (spool == null) {
          return decoder.decode(message, offset);
        }
        put(spool, kind, message, buffer);
      }
    }
    return Outcome.TAKEN;
  }

  private static void put(TransactionSpool spool, byte kind, byte[] message, ByteBuffer buffer)
      throws IOException {
    // Only what the decoder has a use for; an origin has no number of a transaction in front.
    if (kind == 'I' || kind == 'U' || kind == 'D' || kind == 'T' || kind == 'R') {
      int part = buffer.getInt();
      spool.add(part, kind, message, buffer.position(), buffer.remaining());
    }
  }

  private void abort(int transaction, int part) throws IOException {
    @Nullable TransactionSpool spool = open.get(transaction);
    if (spool == null) {
      return;
    }
    if (part == transaction) {
      open.remove(transaction);
      spool.close();
    } else {
      spool.drop(part);
    }
  }

  // Is called again and again with the same message until all is decoded.
  private Outcome commit(ByteBuffer buffer) throws IOException {
    int transaction = buffer.getInt();
    byte flags = buffer.get();
    long lsn = buffer.getLong();
    long end = buffer.getLong();
    long time = buffer.getLong();
    TransactionSpool spool = committed;
    if (spool == null) {
      @Nullable TransactionSpool known = open.remove(transaction);
      spool = known == null ? new TransactionSpool(folder) : known;
      spool.finish();
      committed = spool;
      decoder.decode(
          ByteBuffer.allocate(BEGIN_LENGTH)
              .put((byte) 'B')
              .putLong(lsn)
              .putLong(time)
              .putInt(transaction)
              .array(),
          0);
    }
    if (!replay(spool)) {
      return Outcome.AGAIN;
    }
    committed = null;
    spool.close();
    return decoder.decode(
        ByteBuffer.allocate(COMMIT_LENGTH)
            .put((byte) 'C')
            .put(flags)
            .putLong(lsn)
            .putLong(end)
            .putLong(time)
            .array(),
        0);
  }

  // Whether all is done.
  private boolean replay(TransactionSpool spool) throws IOException {
    int bytes = 0;
    while (router.rows() < rowsAtOnce && bytes < bytesAtOnce) {
      byte @Nullable [] message = again == null ? spool.next() : again;
      again = null;
      if (message == null) {
        return true;
      }
      if (decoder.decode(message, 0) == Outcome.AGAIN) {
        again = message;
        return false;
      }
      bytes += message.length;
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    Closer closing = new Closer();
    @Nullable TransactionSpool last = committed;
    if (last != null) {
      closing.close(last);
    }
    open.values().forEach(closing::close);
    open.clear();
    closing.end();
  }
}
