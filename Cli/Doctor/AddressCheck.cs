using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Output;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>Checks the network path to one gateway step by step: its name, its port, its certificate.</summary>
internal sealed class AddressCheck(Connection connection, DoctorReport report)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(14);

    /// <returns>Whether a connection was made.</returns>
    public async Task<bool> RunAsync(Uri address, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        var subject = address.GetLeftPart(UriPartial.Authority);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address.IdnHost, timeout.Token);
            using var socket = new TcpClient();
            await socket.ConnectAsync(addresses, address.Port, timeout.Token);
            report.Ok(
                subject, $"{address.IdnHost} is {string.Join(", ", addresses.AsEnumerable())}; port {address.Port} accepts connections");
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                return await CheckCertificateAsync(socket, address, subject, timeout.Token);
            }

            WarnOfPlainText(address, addresses, subject);
            return true;
        }
        catch (SocketException failure)
            when (failure.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            report.Fail(
                subject,
                $"the name {address.IdnHost} cannot be resolved: {failure.Message}",
                "Check the address for a typing error, and DNS from this machine: getent hosts " + address.IdnHost);
        }
        catch (ArgumentException failure)
        {
            report.Fail(subject, $"{address.IdnHost} is not an address to connect to: {failure.Message}", "Give the address of a gateway.");
        }
        catch (SocketException failure)
        {
            report.Fail(
                subject,
                $"port {address.Port} of {address.IdnHost} does not accept connections: {failure.Message}",
                "Check that the server is running and listens on this address (a server that listens on 127.0.0.1 is not reached from "
                    + "elsewhere), and firewalls between here and there.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            report.Fail(
                subject,
                $"no connection was made within {Patience.TotalSeconds:0} s",
                "Packets are dropped on the way: check firewalls, network policies and the port.");
        }

        return false;
    }

    private void WarnOfPlainText(Uri address, IPAddress[] addresses, string subject)
    {
        if (connection.Credentials is not null && !addresses.All(IPAddress.IsLoopback))
        {
            report.Warn(
                subject,
                $"the {connection.Credentials.Secret.What} goes over the network unencrypted, readable on the way",
                $"Serve HTTPS, and use https://{address.Authority}.");
        }
    }

    private async Task<bool> CheckCertificateAsync(TcpClient socket, Uri address, string subject, CancellationToken cancellationToken)
    {
        X509Certificate2? certificate = null;
        var faults = new List<string>();
        await using var stream = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = address.IdnHost,
            ClientCertificates = connection.ClientCertificateFile is { } file
                ? Certificates.OfClient(file, connection.ClientKeyFile)
                : null,
            CertificateChainPolicy = connection.CaFile is { } roots ? Trusting(roots) : null,
            RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
            {
                certificate = shown is null ? null : new X509Certificate2(shown);
                if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
                {
                    faults.Add($"it is not for {address.IdnHost}");
                }

                if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
                {
                    faults.AddRange(chain!.ChainStatus.Select(status => status.StatusInformation.Trim()));
                }

                return true;
            },
        };
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            report.Fail(subject, $"no TLS connection was made: {failure.Message}", "Check that the port serves HTTPS, and whether the server asks for a client's certificate (PIPELINE_CLIENT_CERTIFICATE_FILE, or the profile's).");
            return false;
        }

        if (faults.Count > 0)
        {
            report.Fail(subject, $"its certificate is not trusted: {string.Join("; ", faults)}", "If the certificate is of your own authority, give that: PIPELINE_CA_FILE, or the profile's --ca-file. Otherwise renew the certificate for this name.");
            return false;
        }

        var expires = new DateTimeOffset(certificate!.NotAfter);
        if (expires - DateTimeOffset.UtcNow < ExpiresSoon)
        {
            report.Warn(subject, $"its certificate expires at {NumberText.Time(expires)}", "Renew it before that.");
        }
        else
        {
            report.Ok(subject, $"{stream.SslProtocol} with a trusted certificate, which expires at {NumberText.Time(expires)}");
        }

        return true;
    }

    private static X509ChainPolicy Trusting(string roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Certificates.Trusted(roots));
        return policy;
    }
}
