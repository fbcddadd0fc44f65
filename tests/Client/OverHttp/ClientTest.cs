using System.Text;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>A test with a client of a gateway that has one topic, <c>orders</c>, with two partitions.</summary>
public abstract class ClientTest : GatewayTest
{
    private PipelineClient? _client;

    protected PipelineClient Client => _client ??= new PipelineClient(Gateway.Address);

    public override async Task DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <summary>Reads every value of a partition, straight from the store.</summary>
    protected async Task<List<string>> ValuesAsync(int partition)
    {
        var values = new List<string>();
        for (long offset = 0, end = await EndAsync(partition); offset < end;)
        {
            foreach (var batch in await Gateway.Store.ReadAsync(new("orders", partition), offset, 1 << 20, TimeSpan.Zero))
            {
                foreach (var record in batch.Decompress())
                {
                    Assert.Equal(values.Count, record.Offset);
                    values.Add(Encoding.UTF8.GetString(record.ValueSpan));
                }

                offset = batch.NextOffset;
            }
        }

        return values;
    }
}
