package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class AvroDeflateContractTest extends FolderContract {
  AvroDeflateContractTest() {
    super(Map.of("format", "avro", "compression", "deflate"));
  }
}
