output "resource_group" {
  description = "The resource group that has all of it"
  value       = azurerm_resource_group.this.name
}

output "kubernetes_cluster" {
  description = "The name of the Kubernetes cluster, for az aks get-credentials"
  value       = azurerm_kubernetes_cluster.this.name
}

output "postgres_host" {
  description = "The name of the database server, which is reached from the virtual network only"
  value       = azurerm_postgresql_flexible_server.this.fqdn
}

output "postgres_addresses" {
  description = "The addresses of the database's subnet, to narrow the NetworkPolicy pipeline-database to"
  value       = azurerm_subnet.postgres.address_prefixes[0]
}

output "key_vault" {
  description = "The name of the key vault"
  value       = azurerm_key_vault.this.name
}

output "key_vault_uri" {
  description = "The address of the key vault"
  value       = azurerm_key_vault.this.vault_uri
}

output "postgres_secret" {
  description = "The name of the secret in the key vault that holds the connection string, which becomes PIPELINE_POSTGRES"
  value       = azurerm_key_vault_secret.postgres.name
}

output "secrets_client_id" {
  description = "The client id of the identity that reads the key vault, for the annotation azure.workload.identity/client-id of its service account"
  value       = azurerm_user_assigned_identity.secrets.client_id
}

output "backup_client_id" {
  description = "The client id of the identity that writes backups, for the annotation azure.workload.identity/client-id of its service account"
  value       = azurerm_user_assigned_identity.backups.client_id
}

output "backup_container" {
  description = "The address of the container for backups"
  value       = "${azurerm_storage_account.backups.primary_blob_endpoint}${azurerm_storage_container.backups.name}"
}
