using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Hosts;

/// <summary>A test with a gateway of its own that has one topic, <c>orders</c>, with two partitions.</summary>
public abstract class GatewayTest : IAsyncLifetime
{
    protected const string BatchType = "application/vnd.orleans-pipeline.batch";
    protected const string NdjsonType = "application/x-ndjson";
    protected const string JsonType = "application/json";

    private protected GatewayHost Gateway { get; private set; } = null!;

    private protected HttpClient Http => Gateway.Http;

    public async Task InitializeAsync()
    {
        Gateway = await StartAsync();
        await Gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 });
    }

    public virtual Task DisposeAsync() => Gateway.DisposeAsync().AsTask();

    private protected virtual Task<GatewayHost> StartAsync() => GatewayHost.StartAsync();

    protected static byte[] Batch(params string[] values) => Batch(producerId: RecordBatch.NoProducer, epoch: -1, sequence: -1, values);

    protected static byte[] Batch(long producerId, short epoch, int sequence, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append("key"u8, Encoding.UTF8.GetBytes(value), timestamp: 1_700_000_000_000);
        }

        return builder.Build(producerId, epoch, sequence).Bytes.ToArray();
    }

    /// <summary>The text of a batch's first record.</summary>
    protected static string ValueOf(RecordBatch batch)
    {
        var records = RecordBatch.Validate(batch.Bytes).GetEnumerator();
        Assert.True(records.MoveNext());
        return Encoding.UTF8.GetString(records.Current.ValueSpan);
    }

    protected static ByteArrayContent Content(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    protected static ByteArrayContent Content(string body, string type) => Content(Encoding.UTF8.GetBytes(body), type);

    protected Task<HttpResponseMessage> AppendAsync(byte[] batch, int partition = 0, string topic = "orders") =>
        Http.PostAsync($"/v1/topics/{topic}/partitions/{partition}/batches", Content(batch, BatchType));

    protected async Task<long> EndAsync(int partition = 0) => (await Gateway.Store.GetBoundsAsync(new("orders", partition))).End;

    protected static async Task<JsonNode> JsonAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {body[..Math.Min(body.Length, 1000)]}");
        Assert.Equal(JsonType, response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(body)!;
    }

    protected async Task<JsonNode> GetJsonAsync(string path) => await JsonAsync(await Http.GetAsync(path));

    protected static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {body[..Math.Min(body.Length, 1000)]}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.EndsWith(code, (string?)problem["type"]);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["detail"]!);
        return problem;
    }
}
