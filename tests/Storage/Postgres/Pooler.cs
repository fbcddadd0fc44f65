using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>
/// A proxy in front of a server that drops the options of each session as it starts, as PgBouncer does with
/// <c>ignore_startup_parameters=options</c>.
/// </summary>
internal sealed class Pooler : IAsyncDisposable
{
    private const int LengthBytes = 4;
    private const int CodeBytes = 4;
    private const int EncryptionRequest = 80_877_103;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;

    public Pooler(string connectionString)
    {
        _server = new(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The connection string of those who connect through it.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(Keep(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            var server = Keep(new TcpClient());
            await server.ConnectAsync(_server.Host!, _server.Port);
            await server.GetStream().WriteAsync(await ReadStartAsync(client.GetStream()));
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            client.Dispose();
            server.Dispose();
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }

    private TcpClient Keep(TcpClient client)
    {
        lock (_clients)
        {
            _clients.Add(client);
        }

        return client;
    }

    /// <summary>Reads the first message of a session, and makes it anew without its options.</summary>
    private static async Task<byte[]> ReadStartAsync(NetworkStream client)
    {
        while (true)
        {
            var head = new byte[LengthBytes + CodeBytes];
            await client.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - head.Length];
            await client.ReadExactlyAsync(body);
            if (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(LengthBytes)) == EncryptionRequest)
            {
                await client.WriteAsync("N"u8.ToArray());
                continue;
            }

            var texts = Encoding.UTF8.GetString(body).Split('\0');
            var kept = new StringBuilder();
            for (var index = 0; index + 1 < texts.Length && texts[index].Length > 0; index += 2)
            {
                if (texts[index] != "options")
                {
                    kept.Append(texts[index]).Append('\0').Append(texts[index + 1]).Append('\0');
                }
            }

            byte[] start = [.. head, .. Encoding.UTF8.GetBytes(kept.Append('\0').ToString())];
            BinaryPrimitives.WriteInt32BigEndian(start, start.Length);
            return start;
        }
    }
}
