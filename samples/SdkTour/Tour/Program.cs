using Orleans.Pipeline.Client;
using SdkTour;

var address = args is [var given, ..] ? given : "http://localhost:5080";

#region connect
await using var client = new PipelineClient(address);
#endregion

await Sending.OneAsync(client);
await Sending.ManyAsync(client);
await Sending.ValuesAsync(client);
await Sending.MoreAsync(client);
await Sending.FailingAsync(client);
await Reading.AllAsync(client);
await Reading.AsAJobAsync(client, Path.GetTempFileName());
await Reading.BatchesAsync(client);
await Reading.ValuesAsync(client);
await Reading.FailingAsync(client);
await Operating.TopicsAsync(client);
await Operating.PipelinesAsync(client);
await Operating.DeadLettersAsync(client);
await Operating.GatewaysAsync(client);
await Securing.ClientsAsync(address);
await Tracing.OrdersAsync(client);
await Hosting.RunAsync(address);
