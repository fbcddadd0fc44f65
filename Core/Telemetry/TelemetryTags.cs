namespace Orleans.Pipeline.Telemetry;

/// <summary>The attributes of docs/telemetry.md. Those of OpenTelemetry's semantic conventions keep their names.</summary>
/// <remarks>Source: https://opentelemetry.io/docs/specs/semconv/messaging/ and the registry beside it.</remarks>
internal static class TelemetryTags
{
    public const string System = "messaging.system";
    public const string SystemName = "orleans_pipeline";
    public const string Operation = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Send = "send";
    public const string Process = "process";
    public const string Receive = "receive";
    public const string Destination = "messaging.destination.name";
    public const string DestinationPartition = "messaging.destination.partition.id";
    public const string BatchCount = "messaging.batch.message_count";
    public const string Offset = "messaging.orleans_pipeline.offset";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string DatabaseSystem = "db.system.name";
    public const string StatusCode = "http.response.status_code";

    public const string Pipeline = "pipeline.name";
    public const string Stage = "pipeline.stage";
    public const string Topic = "pipeline.topic";
    public const string Sink = "pipeline.sink";
    public const string Step = "pipeline.step";
    public const string TaskState = "pipeline.task.state";
    public const string Partition = "pipeline.partition";
    public const string StoreOperation = "pipeline.store.operation";
    public const string Currency = "pipeline.currency";

    /// <summary>The value for anything outside the known set, by OpenTelemetry's convention for <c>error.type</c>.</summary>
    public const string Other = "_OTHER";
}
