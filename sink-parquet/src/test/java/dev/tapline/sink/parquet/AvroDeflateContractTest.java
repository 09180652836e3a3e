package dev.tapline.sink.parquet;

import java.util.Map;

final class AvroDeflateContractTest extends FilesContract {
  AvroDeflateContractTest() {
    super(Map.of("format", "avro", "compression", "deflate"));
  }
}
