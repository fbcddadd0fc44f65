using System.Text;

namespace Orleans.Pipeline.Gateway.Tests.Uploads;

/// <summary>A test of uploads to a gateway that appends each 1,000 bytes of them.</summary>
public abstract class UploadTest : GatewayTest
{
    protected const string Records = "/v1/topics/orders/records";

    /// <summary>Lines of records that stand for a number each, keyed by what the number is modulo seven.</summary>
    protected static string[] Lines(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(number => $$"""{"key":"k{{number % 7}}","number":{{number}}}""")];

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(Configure);

    private protected static void Configure(GatewaySettings settings)
    {
        settings.Limits.UploadBufferBytes = 1000;
        settings.Limits.RecordBytes = 1000;
        settings.Limits.BatchBytes = 2000;
        settings.Limits.RequestBytes = 2000;
    }

    private protected Task<StreamedUpload> StartUploadAsync(string query, params string[] headers) =>
        StreamedUpload.StartAsync(Gateway.Address, query, headers);

    protected Task<HttpResponseMessage> PostAsync(IEnumerable<string> lines, string query = "?key=key") =>
        Http.PostAsync(Records + query, Content(string.Join('\n', lines), NdjsonType));

    /// <summary>Waits until a partition holds so many records.</summary>
    protected async Task WhenAppendedAsync(long count, int partition = 0)
    {
        while (await EndAsync(partition) < count)
        {
            await Gateway.Store.ReadAsync(new(Orders, partition), await EndAsync(partition), 1, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Checks that the log holds exactly these lines, those of a partition in order.</summary>
    protected async Task AssertHoldsAsync(IEnumerable<string> lines)
    {
        var left = lines.ToList();
        var order = left.Select((line, index) => (line, index)).ToDictionary(entry => entry.line, entry => entry.index);
        var held = 0;
        for (var partition = 0; partition < (await Gateway.Store.FindTopicAsync(Orders))!.Settings.Partitions; partition++)
        {
            var values = await ValuesAsync(partition);
            Assert.All(values, value => Assert.Contains(value, order.Keys));
            Assert.Equal(values.Select(value => order[value]).Distinct().Order(), values.Select(value => order[value]));
            held += values.Count;
        }

        Assert.Equal(left.Count, held);
    }

    protected async Task<List<string>> ValuesAsync(int partition)
    {
        var values = new List<string>();
        for (long offset = 0, end = await EndAsync(partition); offset < end;)
        {
            foreach (var batch in await Gateway.Store.ReadAsync(new(Orders, partition), offset, 1 << 20, TimeSpan.Zero))
            {
                foreach (var record in batch.Decompress())
                {
                    values.Add(Encoding.UTF8.GetString(record.ValueSpan));
                }

                offset = batch.NextOffset;
            }
        }

        return values;
    }

    private static readonly TopicName Orders = "orders";
}
