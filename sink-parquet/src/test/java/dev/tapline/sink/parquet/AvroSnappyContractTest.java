package dev.tapline.sink.parquet;

import java.util.Map;

final class AvroSnappyContractTest extends FilesContract {
  AvroSnappyContractTest() {
    super(Map.of("format", "avro", "compression", "snappy"));
  }
}
