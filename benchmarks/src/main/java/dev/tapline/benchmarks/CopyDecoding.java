package dev.tapline.benchmarks;

import dev.tapline.source.postgres.codec.binary.CopyBinaryDecoder;
import dev.tapline.spi.batch.Batch;
import java.io.IOException;

/// The messages of one batch, decoded by the source and by its rival, over and over.
public final class CopyDecoding {
  /// How many rows one call decodes: a batch of the source.
  public static final int ROWS = 4_096;

  private final byte[][] messages;
  private final Batch ownBatch;
  private final Batch libraryBatch;
  private final CopyBinaryDecoder own;
  private final DriverDecoder library;

  /// Makes the messages, and makes sure that the two decoders read the same values out of them.
  ///
  /// @throws IllegalStateException if they differ
  public CopyDecoding(SampleTable table) throws IOException {
    messages = new byte[ROWS][];
    CopyRow row = new CopyRow();
    for (int i = 0; i < ROWS; i++) {
      table.writeRow(row, i + 1);
      messages[i] = row.message();
    }
    ownBatch = table.batch(ROWS);
    libraryBatch = table.batch(ROWS);
    own = new CopyBinaryDecoder(ownBatch, table.wires());
    own.decode(CopyRow.header());
    library = new DriverDecoder(libraryBatch, table.wires());
    BatchComparison.requireEqual(own(), library());
    if (ownBatch.rows() != ROWS) {
      throw new IllegalStateException(ROWS + " rows sent, " + ownBatch.rows() + " decoded");
    }
  }

  /// The batch, by the source's decoder.
  public Batch own() throws IOException {
    ownBatch.clear(0);
    for (byte[] message : messages) {
      own.decode(message);
    }
    return ownBatch;
  }

  /// The batch, by the driver's conversions.
  public Batch library() {
    libraryBatch.clear(0);
    for (byte[] message : messages) {
      library.decode(message);
    }
    return libraryBatch;
  }
}
